"""When the webinars of the story take place, counted from the moment it is told."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.core.zones import to_local
from app.demo.reading import Entry
from app.webinars.times import Slot, slot, turn

ANNOUNCED = timedelta(days=10)
"""So long before the day the story is told, or before it was held."""


def is_invented(entry: Entry) -> bool:
    """The other ones are records of what took place years ago."""
    return bool({"coming", "began", "held"} & entry.keys())


def slot_of(entry: Entry, now: datetime) -> Slot:
    if "began" in entry:
        return running(entry, now)
    return _held(entry, now) if "held" in entry else _coming(entry, now)


def running(entry: Entry, now: datetime) -> Slot:
    """It began some minutes ago."""
    began, tzid = entry["began"], entry["tzid"]
    start = (now - timedelta(minutes=began["minutes_ago"])).replace(second=0, microsecond=0)
    return _between(start, began["minutes"], tzid)


def announced_at(entry: Entry, now: datetime) -> datetime:
    """When it was published and people began to register."""
    return now - ANNOUNCED - timedelta(days=entry.get("held", {}).get("days_ago", 0))


def _held(entry: Entry, now: datetime) -> Slot:
    """Some days ago, or the last such weekday before, at the hour of the zone."""
    held, tzid = entry["held"], entry["tzid"]
    day = to_local(now, tzid).date() - timedelta(days=held["days_ago"])
    day -= timedelta(days=(day.weekday() - held.get("weekday", day.weekday())) % 7)
    start = datetime.combine(day, time.fromisoformat(held["start"]))
    return slot(start, start + timedelta(minutes=held["minutes"]), tzid)


def _coming(entry: Entry, now: datetime) -> Slot:
    """The first such weekday on or after so many days from now, at the hour of the zone."""
    coming = entry["coming"]
    day = to_local(now, entry["tzid"]).date() + timedelta(days=coming["days"])
    day += timedelta(days=(coming["weekday"] - day.weekday()) % 7)
    start, end = (
        datetime.combine(day, time.fromisoformat(coming[part])) for part in ("start", "end")
    )
    return slot(start, end, entry["tzid"])


def _between(start: datetime, minutes: int, tzid: str) -> Slot:
    end = start + timedelta(minutes=minutes)
    first, last = (to_local(moment, tzid).replace(tzinfo=None) for moment in (start, end))
    return slot(first, last, tzid, start_turn=turn(start, tzid), end_turn=turn(end, tzid))
