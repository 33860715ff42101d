"""A webinar's hours in words, in the running language."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime, get_timezone_location

from app.core.i18n import date_pattern, language
from app.core.zones import to_local

ACROSS_EUROPE = ("Europe/Brussels", "Europe/Lisbon", "Europe/Athens")
SHOWN = 3


def when(starts_at: datetime, ends_at: datetime, tzid: str) -> str:
    """Wed 25 Mar 2026, 10:00–11:00 (Brussels)."""
    start, end = to_local(starts_at, tzid), to_local(ends_at, tzid)
    whole = f"EEE {date_pattern('yMMMd')}, HH:mm"
    last = _words(end, "HH:mm" if end.date() == start.date() else whole)
    return f"{_words(start, whole)}–{last} ({place(tzid)})"


def elsewhere(starts_at: datetime, tzid: str) -> str:
    """10:00 Brussels, 09:00 Lisbon, 11:00 Athens: the own zone first, each hour once."""
    hours: dict[str, str] = {}
    for zone_name in (tzid, *ACROSS_EUROPE):
        hours.setdefault(f"{to_local(starts_at, zone_name):%H:%M}", place(zone_name))
    return ", ".join(f"{hour} {city}" for hour, city in list(hours.items())[:SHOWN])


def place(tzid: str) -> str:
    """The city that gives a zone its name."""
    if tzid == "UTC":
        return tzid
    return str(get_timezone_location(tzid, locale=language(), return_city=True))


def _words(local: datetime, form: str) -> str:
    return str(format_datetime(local, form, tzinfo=local.tzinfo, locale=language()))
