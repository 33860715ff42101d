"""How many minutes of the webinar somebody was there, from the lines of reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.webinars.models import Webinar

ROUNDING = timedelta(minutes=2)


class StayLike(Protocol):
    """From then to then; `minutes` as the report counts them."""

    @property
    def joined_at(self) -> datetime | None: ...
    @property
    def left_at(self) -> datetime | None: ...
    @property
    def minutes(self) -> int | None: ...


@dataclass(frozen=True)
class Span:
    """The time that counts: from the planned start to the planned end, or to the earlier moment at
    which an organiser closed the room."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60

    def cut(self, since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
        """A stay as far as it is inside. Who has no beginning was there before, who has no end
        stayed."""
        first = max(since or self.start, self.start)
        return first, max(first, min(until or self.end, self.end))


def span_of(webinar: Webinar) -> Span | None:
    """None: nobody knows the hour."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return None
    closed = webinar.ended_at
    is_earlier = closed is not None and webinar.starts_at < closed < webinar.ends_at
    return Span(webinar.starts_at, closed if closed and is_earlier else webinar.ends_at)


def minutes_of(reports: Iterable[Sequence[StayLike]], span: Span | None) -> int | None:
    """Of one person, from all reports: stays that overlap count once. None: no report says it."""
    stays: list[tuple[datetime, datetime]] = []
    sums: list[int] = []
    for lines in reports:
        counted = [_counted(line, span) for line in lines]
        stays += [one for one in counted if isinstance(one, tuple)]
        lengths = [one for one in counted if isinstance(one, int)]
        sums += [sum(lengths)] if lengths else []
    if not stays and not sums:
        return None
    most = max(_without_overlap(stays), *sums, 0)
    return min(most, span.minutes) if span else most


def is_inside(stay: StayLike, span: Span) -> bool:
    """Whether any of it was during the webinar; a line without an hour may have been."""
    if stay.joined_at is None and stay.left_at is None:
        return True
    first, last = span.cut(stay.joined_at, stay.left_at)
    return last > first


def _counted(line: StayLike, span: Span | None) -> tuple[datetime, datetime] | int | None:
    """A stay from then to then, or, where only its length is certain, its minutes.

    A line of first coming, last going and fewer minutes in between stands for several stays.
    """
    since, until = line.joined_at, line.left_at
    has_hours = (since or until) if span else (since and until)
    if not has_hours:
        return line.minutes
    first, last = span.cut(since, until) if span else (since, until)
    if first is None or last is None:
        return line.minutes
    if line.minutes is not None and _has_gaps(line, line.minutes):
        return min(line.minutes, _whole_minutes(last - first))
    return first, last


def _has_gaps(line: StayLike, minutes: int) -> bool:
    since, until = line.joined_at, line.left_at
    return bool(since and until and until - since > timedelta(minutes=minutes) + ROUNDING)


def _without_overlap(stays: list[tuple[datetime, datetime]]) -> int:
    total, end = timedelta(), None
    for first, last in sorted(stays):
        begins = max(first, end) if end else first
        total += max(last - begins, timedelta())
        end = max(last, end) if end else last
    return _whole_minutes(total)


def _whole_minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60
