"""What must be reached, and whether it was. The figures come from the project's own aims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.databases import SQLITE
from tests.bench.measuring import Figures
from tests.bench.stage import Run

MEMBER_THREAD, VISITOR_THREAD = "thread of 20, member", "thread of 20, visitor"
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
    yield from _at_most(f"{MEMBER_THREAD}, CPU", _cpu(run, MEMBER_THREAD), 3, " ms")
    yield from _at_least(
        f"{MEMBER_THREAD}, of the ceiling", _share(run, MEMBER_THREAD, "20 rows"), 40, " %"
    )
    yield from _at_most(f"{VISITOR_THREAD}, CPU", _cpu(run, VISITOR_THREAD), 1.5, " ms")
    unchanged = f"{VISITOR_THREAD}, unchanged"
    yield from _at_least(f"{unchanged}, of hello", _share(run, unchanged, "hello"), 50, " %")
    for who in ("member", "visitor"):
        pages = [name for name in run.pages if name.startswith("long thread") and who in name]
        pages = [name for name in pages if not name.endswith("kept")]
        if len(pages) == 2:
            first, last = (run.pages[name].cpu for name in pages)
            yield from _at_most(f"page 250 by page 1, {who}", last / max(first, 0.001), 1.2, " x")


def _pages(run: Run) -> Iterator[Verdict]:
    for page in THIRTY_PERCENT:
        name = f"{page}, member"
        yield from _at_least(f"{name}, of the ceiling", _share(run, name, "20 rows"), 30, " %")
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
