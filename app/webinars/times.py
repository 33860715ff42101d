"""A webinar's hours: local time and zone to moments, and the clocks of other cities. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from app.core.errors import DomainError
from app.core.zones import to_local, to_utc, turn_of
from app.webinars.errors import EndBeforeStart, TooLong, TooSoon, YearOutOfRange

LONGEST = timedelta(hours=8)
NOTICE = timedelta(hours=1)
CITIES_NAMED = 6
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Slot:
    """When a webinar takes place: wall-clock times of the zone, and the same two as moments."""

    start_local: datetime
    end_local: datetime
    tzid: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Clock:
    """The hour in cities that share it. `day_shift`: -1 the day before the reader's, 1 the next."""

    time: datetime
    cities: tuple[str, ...]
    day_shift: int

    @property
    def first_cities(self) -> str:
        return ", ".join(self.cities[:CITIES_NAMED])

    @property
    def more_count(self) -> int:
        return max(0, len(self.cities) - CITIES_NAMED)


def slot(
    start_local: datetime,
    end_local: datetime,
    tzid: str,
    *,
    start_turn: int | None = None,
    end_turn: int | None = None,
) -> Slot:
    """Compute the moments. Raise EndBeforeStart, TooLong and what `zones.to_utc` raises.

    The turns say which of two equal times is meant in the night the clock is put back.
    """
    if start_local.year not in YEARS:
        raise YearOutOfRange
    starts_at = to_utc(start_local, tzid, start_turn)
    ends_at = _end(end_local, tzid, end_turn)
    if ends_at <= starts_at:
        raise EndBeforeStart
    if ends_at - starts_at > LONGEST:
        raise TooLong
    return Slot(start_local, end_local, tzid, starts_at, ends_at)


def turn(moment: datetime | None, tzid: str) -> int | None:
    """Which of two equal times a stored moment is; None where there is but one."""
    return None if moment is None else turn_of(moment, tzid)


def _end(end_local: datetime, tzid: str, end_turn: int | None) -> datetime:
    try:
        return to_utc(end_local, tzid, end_turn)
    except DomainError as error:
        if error.field == "start_local":
            error.field = "end_local"
        raise


def require_notice(starts_at: datetime, now: datetime) -> None:
    """Raise TooSoon unless people have an hour to see it."""
    if starts_at < now + NOTICE:
        raise TooSoon


def clocks(starts_at: datetime, reader_tzid: str, cities: Iterable[tuple[str, str]]) -> list[Clock]:
    """The hour in the zones of these (city, zone) pairs, cities of one offset together.

    The latest clock comes first, as one reads from east to west.
    """
    here = to_local(starts_at, reader_tzid).date()
    by_name = sorted(cities)
    local = [(to_local(starts_at, tzid).replace(tzinfo=None), name) for name, tzid in by_name]
    local.sort(key=lambda pair: pair[0], reverse=True)
    return [
        Clock(time, tuple(dict.fromkeys(name for _, name in group)), (time.date() - here).days)
        for time, group in groupby(local, key=lambda pair: pair[0])
    ]
