"""What speaks against a date: public holidays, early or late hours, clocks that change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.core.i18n import language
from app.core.zones import to_local
from app.network.holidays import holiday_name

OFFICE_HOURS = range(8, 18)
BEFORE_CHANGE = timedelta(days=7)
FEASTS_ASKED = ("GR", "TR")  # Orthodox Easter, and the feasts of Islam, wherever people keep them


@dataclass(frozen=True)
class Country:
    """A participating country and the zone of one of its cities."""

    code: str
    tzid: str


@dataclass(frozen=True)
class Hint:
    """`holidays`: (country code, name). `away`: countries outside office hours. `clock_zones`:
    zones whose clocks change within the week before."""

    holidays: tuple[tuple[str, str], ...]
    away: tuple[str, ...]
    clock_zones: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        return not (self.holidays or self.away or self.clock_zones)


def hint_for(starts_at: datetime, ends_at: datetime, countries: Sequence[Country]) -> Hint:
    return Hint(
        holidays=tuple(_holidays(starts_at, countries)),
        away=tuple(one.code for one in countries if _is_away(starts_at, ends_at, one.tzid)),
        clock_zones=tuple(sorted({one.tzid for one in countries if _changes(starts_at, one.tzid)})),
    )


def countries_of(cities: Iterable[Any]) -> list[Country]:
    """Each country once, with the zone of the first of its cities."""
    found = {city.country_code: city.timezone for city in cities}
    return [Country(code, tzid) for code, tzid in sorted(found.items())]


def _holidays(starts_at: datetime, countries: Sequence[Country]) -> Iterable[tuple[str, str]]:
    for one in countries:
        name = holiday_name(one.code, to_local(starts_at, one.tzid).date(), language())
        if name:
            yield one.code, name
    here = {one.code for one in countries}
    for code in FEASTS_ASKED:
        name = "" if code in here else holiday_name(code, starts_at.date(), language())
        if name and not _is_civil(code, starts_at.date()):
            yield code, name


def _is_civil(code: str, day: date) -> bool:
    """A day of the state, the same each year: nobody keeps it elsewhere."""
    other = day.replace(year=day.year + 1, day=min(day.day, 28))
    return bool(holiday_name(code, other, "en")) and day.day == other.day


def _is_away(starts_at: datetime, ends_at: datetime, tzid: str) -> bool:
    start, end = to_local(starts_at, tzid), to_local(ends_at, tzid)
    last = end - timedelta(minutes=1)
    is_weekend = start.weekday() > 4
    return is_weekend or start.hour not in OFFICE_HOURS or last.hour not in OFFICE_HOURS


def _changes(starts_at: datetime, tzid: str) -> bool:
    before = to_local(starts_at - BEFORE_CHANGE, tzid)
    return before.utcoffset() != to_local(starts_at, tzid).utcoffset()
