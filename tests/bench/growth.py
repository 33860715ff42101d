"""What a page costs among many posts, beside what it costs among few."""

from __future__ import annotations

import os

from tests.bench.databases import Size, opened
from tests.bench.measuring import Figures
from tests.bench.run import run_on
from tests.bench.stage import Run

MOST, MOST_OF_SEARCH = 1.3, 1.5


def named(name: str, usual: Size) -> Size:
    """The size in this environment variable: posts-in-threads, as 20000-in-2000."""
    posts, _, threads = (os.environ.get(name) or usual.name).partition("-in-")
    if not (posts.isdigit() and threads.isdigit()):
        raise SystemExit(f"bench: {name} must be like {usual.name}")
    return Size(threads=int(threads), posts=int(posts))


FEW = named("FEW", Size(threads=2_000, posts=20_000))
MANY = named("MANY", Size(threads=100_000, posts=1_000_000))
ROUNDS = int(os.environ.get("ROUNDS") or "1")


def grow(engine: str, runs: list[Run]) -> None:
    """Put both runs into the list, each before it begins. Raise WrongAnswer."""
    for size in (FEW, MANY):
        runs.append(Run(f"{engine}, {size.name}"))
        _measure(engine, size, runs[-1])
    both = [*zip((FEW, MANY), runs[-2:], strict=True)]
    for _ in range(1, ROUNDS):
        both.reverse()
        for size, run in both:
            again = Run(run.engine)
            _measure(engine, size, again)
            run.pages = least(run, again)


def _measure(engine: str, size: Size, run: Run) -> None:
    with opened(engine, size) as database:
        run_on(database, run, with_writing=False)


def least(run: Run, again: Run) -> dict[str, Figures]:
    """Of each page the figures of the run in which it cost least: all else that a machine does
    only adds to it.
    """
    names = run.pages.keys() & again.pages.keys()
    both = {name: (run.pages[name], again.pages[name]) for name in run.pages if name in names}
    return {name: min(found, key=lambda one: one.cpu) for name, found in both.items()}


def table(few: Run, many: Run) -> str:
    """CPU time decides: the machine may be busy with something else."""
    lines = [
        f"CPU ms (p50 ms) of a request on {few.engine}, and on {many.engine} threads",
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
