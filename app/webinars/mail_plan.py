"""When each kind of mail about a webinar is due, and when it is too late (spec/webinars 6.3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count

from app.core.zones import to_local, to_utc
from app.network.holidays import holiday_name


class Reminder(StrEnum):
    """What is mailed by the clock, each kind once for one start."""

    WEEK = "week"
    BRIEFING = "briefing"  # to speakers and organisers
    DAY = "day"
    HOUR = "hour"
    LATE = "late"  # "it has started"
    AFTER = "after"  # thanks, or "you were missed"


REGISTERED_BEFORE = timedelta(days=9)
QUIET_AFTER_MAIL = timedelta(hours=3)
MORNING, NEXT_MORNING = 9, 10
SATURDAY = 5

QUIET_KINDS = frozenset({Reminder.WEEK, Reminder.DAY, Reminder.HOUR})
"""Not sent to somebody who just had another mail about the webinar."""

LEAST_LEFT = {
    Reminder.WEEK: timedelta(days=2),
    Reminder.BRIEFING: timedelta(hours=1),
    Reminder.DAY: timedelta(hours=3),
    Reminder.HOUR: timedelta(minutes=30),
    Reminder.LATE: timedelta(minutes=-30),
    Reminder.AFTER: timedelta(days=-10),
}
"""How long before the start it is still worth sending; less than nothing: after the start."""

ROUND_BEFORE = {
    Reminder.WEEK: REGISTERED_BEFORE,
    Reminder.BRIEFING: timedelta(days=3),
    Reminder.DAY: timedelta(days=3),
    Reminder.HOUR: timedelta(hours=1),
    Reminder.LATE: timedelta(minutes=-5),
}
"""How long before the start it is looked at who gets this mail: before it is due in any zone."""


def round_at(kind: Reminder, starts_at: datetime, ends_at: datetime) -> datetime:
    """When to look who gets a mail of this kind, and when."""
    return ends_at if kind is Reminder.AFTER else starts_at - ROUND_BEFORE[kind]


def due(
    kind: Reminder,
    starts_at: datetime,
    tzid: str,
    ends_at: datetime | None = None,
    country: str = "",
) -> datetime:
    """The moment for a person in this zone: nine in the morning there, days before the start.

    Thanks come at ten on the first working day after `ends_at`, which public holidays of the
    `country` are not.
    """
    if kind is Reminder.WEEK:
        return _morning(starts_at, tzid, -7, MORNING)
    if kind is Reminder.DAY:
        return _morning(starts_at, tzid, -1, MORNING)
    if kind is Reminder.AFTER:
        over_at = ends_at or starts_at
        days = _days_to_work(to_local(over_at, tzid).date(), country)
        return _morning(over_at, tzid, days, NEXT_MORNING)
    return starts_at - ROUND_BEFORE[kind]


def is_too_late(kind: Reminder, starts_at: datetime, now: datetime) -> bool:
    """Whether a late worker drops it. A round's mails are never late before their round."""
    return starts_at - now < LEAST_LEFT[kind]


def _morning(moment: datetime, tzid: str, days: int, hour: int) -> datetime:
    local = to_local(moment, tzid).replace(tzinfo=None)
    there = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return to_utc(there + timedelta(days=days), tzid)


def _days_to_work(day: date, country: str) -> int:
    """From this day to the next on which people work."""
    return next(days for days in count(1) if _is_worked(day + timedelta(days=days), country))


def _is_worked(day: date, country: str) -> bool:
    return day.weekday() < SATURDAY and not (country and holiday_name(country, day, "en"))
