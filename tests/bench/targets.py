"""What must be reached, and whether it was. The figures come from the project's own aims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.databases import SQLITE
from tests.bench.measuring import Figures
from tests.bench.pages import AGAIN
from tests.bench.stage import Run

MEMBER_THREAD, VISITOR_THREAD = "thread of 20, member", "thread of 20, visitor"
LOOKS = {"first look": "", "again": f", {AGAIN}"}
"""How a verdict names what it judges of members, and the end of that figure's name."""
THIRTY_PERCENT = ["home", "topics", "topic", "all threads", "webinar", "notes"]


@dataclass(frozen=True)
class Verdict:
    """`reached` and `wanted` as they are printed."""

    name: str
    reached: str
    wanted: str
    is_ok: bool


def verdicts(run: Run) -> list[Verdict]:
    return [*_threads(run), *_pages(run), *_writing(run), *_bytes(run), *_statements(run)]


def share(one: Figures, other: Figures) -> float:
    return one.per_second / other.per_second if other.per_second else 0.0


def _at_most(name: str, figure: float | None, most: float, unit: str = "") -> Iterator[Verdict]:
    if figure is not None:
        yield Verdict(name, f"{figure:.4g}{unit}", f"at most {most:g}{unit}", figure <= most)


def _at_least(name: str, figure: float | None, least: float, unit: str = "") -> Iterator[Verdict]:
    if figure is not None:
        yield Verdict(name, f"{figure:.4g}{unit}", f"at least {least:g}{unit}", figure >= least)


def _cpu(run: Run, name: str) -> float | None:
    return run.pages[name].cpu if name in run.pages else None


def _share(run: Run, name: str, of: str) -> float | None:
    return 100 * share(run.pages[name], run.ceilings[of]) if name in run.pages else None


def _threads(run: Run) -> Iterator[Verdict]:
    for look, end in LOOKS.items():
        name, judged = f"{MEMBER_THREAD}, {look}", MEMBER_THREAD + end
        yield from _at_most(f"{name}, CPU", _cpu(run, judged), 3, " ms")
        yield from _at_least(f"{name}, of the ceiling", _share(run, judged, "20 rows"), 40, " %")
    yield from _at_most(f"{VISITOR_THREAD}, CPU", _cpu(run, VISITOR_THREAD), 1.5, " ms")
    unchanged = f"{VISITOR_THREAD}, unchanged"
    yield from _at_least(f"{unchanged}, of hello", _share(run, unchanged, "hello"), 50, " %")
    yield from _deep_pages(run)


def _deep_pages(run: Run) -> Iterator[Verdict]:
    """Page 250 of a thread beside its first page."""
    ends = {f"member, {look}": f", member{end}" for look, end in LOOKS.items()}
    for who, end in (ends | {"visitor": ", visitor"}).items():
        pages = [name for name in run.pages if name.startswith("long thread")]
        costs = [run.pages[name].cpu for name in pages if name.endswith(end)]
        if len(costs) == 2:
            ratio = costs[1] / max(costs[0], 0.001)
            yield from _at_most(f"page 250 by page 1, {who}", ratio, 1.2, " x")


def _pages(run: Run) -> Iterator[Verdict]:
    for page in THIRTY_PERCENT:
        for look, end in LOOKS.items():
            found = _share(run, f"{page}, member{end}", "20 rows")
            yield from _at_least(f"{page}, member, {look}, of the ceiling", found, 30, " %")
    yield from _at_most("an event's .ics, CPU", _cpu(run, "an event's .ics, member"), 1.5, " ms")
    yield from _at_most("feed of 200, CPU", _cpu(run, "feed of 200 events, visitor"), 15, " ms")
    alone = run.pages.get("search, common word, member, alone")
    yield from _at_most("common search alone, p95", alone.p95 if alone else None, 60, " ms")


def _writing(run: Run) -> Iterator[Verdict]:
    if run.engine == SQLITE:
        replies = run.pages.get("replies, one process")
        least = replies.per_second if replies else None
        yield from _at_least("replies a second, one process", least, 300)


def _bytes(run: Run) -> Iterator[Verdict]:
    limits = {
        "memory of web and worker after everything, MB": 250,
        "thread HTML, member, kB": 60,
        "thread HTML, member, gzip, kB": 12,
        "thread HTML, visitor, kB": 60,
        "thread HTML, visitor, gzip, kB": 12,
        "first visit, compressed, kB": 90,
        "repeat visit, compressed, kB": 15,
    }
    for name, most in limits.items():
        yield from _at_most(name, run.others.get(name), most)


def _statements(run: Run) -> Iterator[Verdict]:
    limits = {MEMBER_THREAD: 8, VISITOR_THREAD: 5}
    limits |= {f"{name}, member": 8 for name in ("home", "topics", "topic", "all threads")}
    for name, most in limits.items():
        found = run.inside.get(name)
        yield from _at_most(f"{name}, statements", found["statements"] if found else None, most)
