"""The days of a series: the same local time on both sides of a clock change. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel.dates import format_date

from app.core.errors import DomainError
from app.core.i18n import language, with_region
from app.webinars.enums import Repeat
from app.webinars.errors import NoSessions, SessionTimeWrong, TooManySessions
from app.webinars.times import Slot, slot

MOST_SESSIONS = 52
DAYS_IN_WEEK = 7


def days_of(first: date, repeat: Repeat, count: int, own: Iterable[date] = ()) -> list[date]:
    """The days from the first on. `own` are the other days when they are chosen one by one.

    Raise NoSessions, TooManySessions.
    """
    if repeat is Repeat.DAYS:
        days = sorted({first, *own})
    else:
        days = [_nth(first, repeat, number) for number in range(min(count, MOST_SESSIONS + 1))]
    if len(days) < 2:
        raise NoSessions
    if len(days) > MOST_SESSIONS:
        raise TooManySessions(MOST_SESSIONS)
    return days


def slots_on(days: Iterable[date], first: Slot, turn: int | None = None) -> list[Slot]:
    """The first session's hours on each day. Raise SessionTimeWrong with the day named."""
    return [_slot_on(day, first, turn) for day in days]


def _slot_on(day: date, first: Slot, turn: int | None) -> Slot:
    if day == first.start_local.date():
        return first
    shift = day - first.start_local.date()
    start, end = first.start_local + shift, first.end_local + shift
    try:
        return slot(start, end, first.tzid, start_turn=turn, end_turn=turn)
    except DomainError as error:
        raise SessionTimeWrong(_named(start), error.message, error.field) from error


def _nth(first: date, repeat: Repeat, number: int) -> date:
    if repeat is Repeat.MONTHLY:
        return same_weekday(first, number)
    weeks = 2 if repeat is Repeat.FORTNIGHTLY else 1
    return first + timedelta(days=DAYS_IN_WEEK * weeks * number)


def same_weekday(first: date, months: int) -> date:
    """The same weekday of a later month: "the second Tuesday", and where there is no fifth, the
    last.
    """
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    begins, length = monthrange(year, month + 1)
    day = 1 + (first.weekday() - begins) % DAYS_IN_WEEK
    day += (first.day - 1) // DAYS_IN_WEEK * DAYS_IN_WEEK
    return date(year, month + 1, day if day <= length else day - DAYS_IN_WEEK)


def _named(moment: datetime) -> str:
    return str(format_date(moment.date(), "full", locale=with_region(language())))
