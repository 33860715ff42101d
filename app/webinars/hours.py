"""A webinar's hours in words, in the running language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_datetime, get_timezone_location
from babel.lists import format_list

from app.core.i18n import _, date_pattern, language
from app.core.zones import to_local

ACROSS_EUROPE = ("Europe/Brussels", "Europe/Lisbon", "Europe/Athens")
LONGEST_YEAR = 366


def when(starts_at: datetime, ends_at: datetime, tzid: str) -> str:
    """Wed 25 Mar 2026, 10:00–11:00 (Brussels)."""
    start, end = to_local(starts_at, tzid), to_local(ends_at, tzid)
    whole = f"EEE {date_pattern('yMMMd')}, HH:mm"
    last = _words(end, "HH:mm" if end.date() == start.date() else whole)
    return f"{_words(start, whole)}–{last} ({place(tzid)})"


def elsewhere(
    starts_at: datetime,
    tzid: str,
    zones: Iterable[str] = ACROSS_EUROPE,
    since: datetime | None = None,
) -> str:
    """10:00 Brussels, 09:00 Lisbon, 11:00 Athens: the own zone first, each hour once.

    Who reads it at `since` is warned of clocks that change before the webinar.
    """
    everywhere = list(dict.fromkeys((tzid, *zones)))
    day = to_local(starts_at, tzid).date()
    hours: dict[str, str] = {}
    for zone_name in everywhere:
        hours.setdefault(_hour(to_local(starts_at, zone_name), day), place(zone_name))
    sentence = ", ".join(f"{hour} {city}" for hour, city in hours.items())
    warning = clock_warning(since, starts_at, everywhere) if since else ""
    return f"{sentence}. {warning}" if warning else sentence


def clock_warning(since: datetime, starts_at: datetime, zones: Iterable[str]) -> str:
    """The days between two moments on which clocks change for good, in a sentence; or nothing."""
    found = {_changed_on(tzid, starts_at) for tzid in zones if _differs(tzid, since, starts_at)}
    days = sorted(day for day in found if day is not None)
    if not days:
        return ""
    form = date_pattern("MMMMd")
    named = [str(format_date(day, form, locale=language())) for day in days]
    return _(
        "The clocks change on %(days)s, before this webinar.",
        days=str(format_list(named, locale=language())),
    )


def _differs(tzid: str, since: datetime, starts_at: datetime) -> bool:
    same = to_local(since, tzid).utcoffset() == to_local(starts_at, tzid).utcoffset()
    return since < starts_at and not same


def _changed_on(tzid: str, starts_at: datetime) -> date | None:
    """The last day before the moment on which this zone got the offset that it has then."""
    offset, moment = to_local(starts_at, tzid).utcoffset(), starts_at
    for _day in range(LONGEST_YEAR):
        moment -= timedelta(days=1)
        if to_local(moment, tzid).utcoffset() != offset:
            return _day_of_change(tzid, moment, offset)
    return None


def _day_of_change(tzid: str, before: datetime, offset: timedelta | None) -> date:
    """Within a day after `before` the zone has this offset: the local day of that moment."""
    minutes = range(1, 24 * 60 + 1)
    step = bisect_left(
        minutes,
        1,
        key=lambda n: int(to_local(before + timedelta(minutes=n), tzid).utcoffset() == offset),
    )
    return to_local(before + timedelta(minutes=minutes[step]), tzid).date()


def _hour(local: datetime, day: date) -> str:
    hour = f"{local:%H:%M}"
    return hour if local.date() == day else f"{_words(local, 'EEE')} {hour}"


def day_words(moment: datetime | None, tzid: str) -> str:
    """Mon 23 Mar 2026; empty for None."""
    return _words(to_local(moment, tzid), f"EEE {date_pattern('yMMMd')}") if moment else ""


def moment_words(moment: datetime | None, tzid: str) -> str:
    """Mon 23 Mar 2026, 10:00 (Brussels); empty for None."""
    if moment is None:
        return ""
    words = _words(to_local(moment, tzid), f"EEE {date_pattern('yMMMd')}, HH:mm")
    return f"{words} ({place(tzid)})"


def place(tzid: str) -> str:
    """The city that gives a zone its name."""
    if tzid == "UTC":
        return tzid
    return str(get_timezone_location(tzid, locale=language(), return_city=True))


def _words(local: datetime, form: str) -> str:
    return str(format_datetime(local, form, tzinfo=local.tzinfo, locale=language()))
