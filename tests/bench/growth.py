"""What a page costs among many posts, beside what it costs among few."""

from __future__ import annotations

from tests.bench.databases import Size, opened
from tests.bench.run import run_on
from tests.bench.stage import Run

FEW = Size(threads=2_000, posts=20_000)
MANY = Size(threads=100_000, posts=1_000_000)
MOST, MOST_OF_SEARCH = 1.3, 1.5


def grow(engine: str, few: Size = FEW, many: Size = MANY) -> tuple[Run, Run]:
    found = []
    for size in (few, many):
        with opened(engine, size) as database:
            found.append(run_on(database, with_writing=False))
    return found[0], found[1]


def table(few: Run, many: Run, sizes: tuple[Size, Size] = (FEW, MANY)) -> str:
    """CPU time decides: the machine may be busy with something else."""
    before, after = (size.name for size in sizes)
    lines = [
        f"{few.engine}: CPU ms (p50 ms) of a request with {before} and {after} threads",
        f"{'':38}{'few':>16}{'many':>16}{'CPU x':>7}",
    ]
    for name, one in few.pages.items():
        if name in many.pages:
            other = many.pages[name]
            ratio = other.cpu / max(one.cpu, 0.01)
            most = MOST_OF_SEARCH if name.startswith("search") else MOST
            words = "ok" if ratio <= most else f"SHORT of {most} x"
            cells = [f"{each.cpu:.2f} ({each.p50:.1f})" for each in (one, other)]
            lines.append(f"{name:38}{cells[0]:>16}{cells[1]:>16}{ratio:>7.2f} {words}")
    return "\n".join(lines)
