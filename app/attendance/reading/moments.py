"""Days, hours and lengths as reports write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from app.attendance.enums import DayOrder
from app.core.zones import zone

DATE = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{1,2})(?![0-9])\.?")
CLOCK = re.compile(
    r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?:[.,][0-9]+)?"
    r"\s*(?:([ap])\.?\s?m\.?)?\s*(z|utc|gmt|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?"
)
LENGTH = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W0-9_]+)")
CLOCK_LENGTH = re.compile(r"([0-9]{1,3}):([0-9]{2})(?::([0-9]{2}))?")
NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
UNITS = {
    **dict.fromkeys(
        ["h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "hora", "horas", "heure",
         "heures", "u", "uur", "uren", "tim", "timme", "timmar", "hores"], 3600),
    **dict.fromkeys(
        ["m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "minuut",
         "minut", "minuter", "minuts"], 60),
    **dict.fromkeys(
        ["s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "segundo",
         "segundos", "seg", "seconde", "secondes", "seconden", "sekund", "sekunder", "segons"], 1),
}  # fmt: skip
LONGEST = 60
YEARS = range(2000, 2100)
NEAR = timedelta(days=1)
LONGEST_STAY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Written:
    """What a cell says. `parts` are day and month in an order that is not known yet.

    With `offset` it is a moment everywhere, else the wall clock of a place.
    """

    clock: time
    day: date | None = None
    parts: tuple[int, int, int] | None = None
    offset: timedelta | None = None

    def day_in(self, order: DayOrder | None, today: date | None) -> date | None:
        if self.parts is None:
            return self.day or today
        return _day(self.parts, order) if order else None


def read_moment(cell: str) -> Written | None:
    """6/17/26, 10:34:46 AM · 17.06.2026 10:34 · 2026-06-17T10:34:46Z · 10:34; None: no moment."""
    text = " ".join(unicodedata.normalize("NFKC", cell[:LONGEST]).casefold().split())
    dated = DATE.match(text)
    rest = text[dated.end() :].lstrip(" ,t") if dated else text
    clock = CLOCK.fullmatch(rest)
    hour = _hour(clock) if clock else None
    if clock is None or hour is None:
        return None
    offset = _offset(clock[5])
    if dated is None:
        return Written(hour, offset=offset)
    return _dated(dated, hour, offset)


def order_of(moments: Iterable[Written], near: date | None) -> DayOrder | None:
    """Which comes first, by the report itself, else by the day of the meeting. None: ask.

    A report whose dates are no question (17.06.2026, 2026-06-17) answers DAY_FIRST.
    """
    asked = {one.parts for one in moments if one.parts is not None}
    days = {order: [_day(parts, order) for parts in asked] for order in DayOrder}
    possible = [order for order in DayOrder if all(days[order])]
    if len(possible) == 1 or not asked:
        return (possible or [DayOrder.DAY_FIRST])[0]
    if days[DayOrder.DAY_FIRST] == days[DayOrder.MONTH_FIRST] and possible:
        return DayOrder.DAY_FIRST
    if near is None:
        return None
    fitting = [order for order in DayOrder if any(_is_near(day, near) for day in days[order])]
    return fitting[0] if len(fitting) == 1 else None


def moment_of(
    written: Written | None, order: DayOrder | None, today: date | None, tzid: str
) -> datetime | None:
    """As a moment; None where day or hour is not known."""
    day = written.day_in(order, today) if written else None
    if written is None or day is None:
        return None
    local = datetime.combine(day, written.clock)
    if written.offset is not None:
        return local.replace(tzinfo=timezone(written.offset)).astimezone(UTC)
    return local.replace(tzinfo=zone(tzid)).astimezone(UTC)


def seconds_in(cell: str) -> int | None:
    """62 (minutes) · 1:02:03 · 1h 2m 3s · 1 Std. 2 Min.; None: no length."""
    text = " ".join(unicodedata.normalize("NFKC", cell[:LONGEST]).casefold().split())
    if NUMBER.fullmatch(text):
        return _within(round(float(text.replace(",", ".")) * 60))
    if clock := CLOCK_LENGTH.fullmatch(text):
        hours, minutes, seconds = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        return _within(hours * 3600 + minutes * 60 + seconds)
    parts = LENGTH.findall(text)
    if not parts or any(unit not in UNITS for _number, unit in parts):
        return None
    return _within(round(sum(float(n.replace(",", ".")) * UNITS[unit] for n, unit in parts)))


def _within(seconds: int) -> int:
    return min(seconds, LONGEST_STAY_SECONDS)


def _dated(found: re.Match[str], clock: time, offset: timedelta | None) -> Written | None:
    """The year in front: then month and day. With dots: then day and month."""
    first, sign, second, third = found[1], found[2], int(found[3]), found[4]
    if len(first) == 4:
        day = _valid(int(first), second, int(third))
        return Written(clock, day=day, offset=offset) if day else None
    if len(first) > 2 or len(third) not in {2, 4}:
        return None
    year = int(third) + (2000 if len(third) == 2 else 0)
    if sign == ".":
        day = _valid(year, second, int(first))
        return Written(clock, day=day, offset=offset) if day else None
    parts = (int(first), second, year)
    if not any(_day(parts, order) for order in DayOrder):
        return None
    return Written(clock, parts=parts, offset=offset)


def _hour(found: re.Match[str]) -> time | None:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4] == "p" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        return None


def _offset(written: str | None) -> timedelta | None:
    if not written:
        return None
    if written[0] not in "+-":
        return timedelta()
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return -ahead if written[0] == "-" else ahead


def _day(parts: tuple[int, int, int], order: DayOrder) -> date | None:
    first, second, year = parts
    day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
    return _valid(year, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _is_near(day: date | None, near: date) -> bool:
    return day is not None and abs(day - near) <= NEAR
