"""How the installation runs, for the people responsible: numbers to be put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from app.core.cells import Totals, add
from app.core.clock import utcnow
from app.core.database_facts import database_size, database_version
from app.core.heartbeat import EVERY, beats
from app.core.measures import COUNT, DONE, FAILED, JOB, MAIL, WORKED
from app.core.minutes import HOUR, MINUTE, Measure, measured
from app.core.queue import given_up, oldest_due
from app.core.shared_memory import shared_memory
from app.home.page_groups import Figures, Named, groups_of, pages_of, slowest

SILENT_AFTER = 6 * EVERY
FIVE_MINUTES, ONE_HOUR = timedelta(minutes=5), timedelta(hours=1)
SLOWEST, OFTEN_ENOUGH = 5, 5
LATE = timedelta(minutes=5)  # work that is due for longer is a reason to look
LITTLE_DISK = 0.1


@dataclass(frozen=True)
class Point:
    """One bar of a chart."""

    at: datetime
    figures: Figures


@dataclass(frozen=True)
class Stretch:
    """The last hour in steps of five minutes, or the last day in hours."""

    totals: Totals
    points: Sequence[Point]

    @property
    def pages(self) -> Figures:
        return pages_of(self.totals)

    @property
    def groups(self) -> list[Named]:
        return groups_of(self.totals)

    @property
    def slowest(self) -> list[Named]:
        return slowest(self.totals, SLOWEST, OFTEN_ENOUGH)


@dataclass(frozen=True)
class Work:
    """A job by name, with what became of it in the last day."""

    name: str
    done: int
    failed: int
    seconds: float


@dataclass(frozen=True)
class Machine:
    """What a machine said of itself when it was last heard."""

    name: str
    at: datetime
    web: int = 0
    workers: int = 0
    memory: int = 0
    disk_free: int = 0
    disk_size: int = 0
    versions: Sequence[str] = ()

    @property
    def is_short_of_disk(self) -> bool:
        return self.disk_free < LITTLE_DISK * self.disk_size


@dataclass(frozen=True)
class Beat:
    worker: str
    at: datetime
    is_silent: bool


@dataclass(frozen=True)
class Health:
    """`due` and `given_up`: count of "job" and "mail". `hit_rate` None: nothing was asked."""

    hour: Stretch
    day: Stretch
    jobs: Sequence[Work]
    mails: Work
    due: dict[str, tuple[int, float]]
    given_up: dict[str, int]
    hit_rate: float | None
    shared_hit_rate: float | None
    shared_answers: bool | None  # None: there is no shared memory
    machines: Sequence[Machine]
    workers: Sequence[Beat]
    database_bytes: int
    database: str

    @property
    def has_worker(self) -> bool:
        return any(not worker.is_silent for worker in self.workers)

    @property
    def is_late(self) -> bool:
        return any(seconds > LATE.total_seconds() for _, seconds in self.due.values())


def health() -> Health:
    """Everything at once, in a number of statements that does not grow."""
    now = utcnow()
    steps, whole_hours = _last(12, FIVE_MINUTES, now), _last(24, ONE_HOUR, now)
    minutes, hours = measured(MINUTE, steps[0]), measured(HOUR, whole_hours[0])
    hour, day = _stretch(minutes, steps), _stretch(hours, whole_hours)
    works = _works(day.totals)
    return Health(
        hour=hour,
        day=day,
        jobs=[work for work in works if work.name != MAIL],
        mails=next((work for work in works if work.name == MAIL), Work(MAIL, 0, 0, 0.0)),
        due=oldest_due(),
        given_up=given_up(),
        hit_rate=_hit_rate(day.totals, "fragments"),
        shared_hit_rate=_hit_rate(day.totals, "shared"),
        shared_answers=shared_memory().state().answers,
        machines=_machines([*hours, *minutes], now),
        workers=[Beat(beat.worker, beat.at, now - beat.at > SILENT_AFTER) for beat in beats()],
        database_bytes=database_size(),
        database=database_version(),
    )


def _stretch(rows: Sequence[Measure], ats: Sequence[datetime]) -> Stretch:
    step = ats[1] - ats[0]
    by_point: dict[datetime, Totals] = {at: {} for at in ats}
    for row in rows:
        at = _start_of(row.at, step)
        by_point[at] = add(by_point.get(at, {}), row.counts["totals"])
    points = [Point(at, pages_of(by_point[at])) for at in ats]
    return Stretch(_all(by_point.values()), points)


def _last(count: int, step: timedelta, now: datetime) -> list[datetime]:
    """The beginnings of the last stretches, the running one too."""
    last = _start_of(now, step)
    return [last - step * ago for ago in reversed(range(count))]


def _start_of(at: datetime, step: timedelta) -> datetime:
    minutes = int(step.total_seconds() // 60)
    return at.replace(minute=at.minute // minutes * minutes, second=0, microsecond=0)


def _all(many: Iterable[Totals]) -> Totals:
    total: Totals = {}
    for one in many:
        total = add(total, one)
    return total


def _works(totals: Totals) -> list[Work]:
    """Those that fail come first, then those that take longest."""
    works = [
        Work(name.removeprefix(JOB), int(row[DONE]), int(row[FAILED]), row[WORKED])
        for name, row in totals.items()
        if name.startswith(JOB)
    ]
    return sorted(works, key=lambda work: (-work.failed, -work.seconds))


def _hit_rate(totals: Totals, cache: str) -> float | None:
    hits = totals.get(f"{COUNT}{cache}_hit", [0.0])[0]
    misses = totals.get(f"{COUNT}{cache}_miss", [0.0])[0]
    return hits / (hits + misses) if hits + misses else None


def _machines(rows: Sequence[Measure], now: datetime) -> list[Machine]:
    """As each was last heard. Another release may say more of itself, or less."""
    known = {field.name for field in fields(Machine)} - {"name", "at"}
    last = {row.machine: row for row in sorted(rows, key=lambda row: (row.at, -row.minutes))}
    found = []
    for name, row in sorted(last.items()):
        about = {word: said for word, said in row.counts["about"].items() if word in known}
        found.append(Machine(name, min(now, row.at + timedelta(minutes=row.minutes)), **about))
    return found
