"""Webinars as iCalendar objects: values in, bytes out (RFC 5545, 5546; spec/calendar 2.1-2.10).

Lines are folded at 75 octets, end in CRLF, and every time is UTC, so no VTIMEZONE is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, Todo, vCalAddress, vUri

PRODID = "-//Interurban//Webinars//EN"
REFRESH = timedelta(hours=1)
COLOR = "teal"  # RFC 7986 knows the names of CSS only
UNSAFE_IN_CN = re.compile(r'["^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]')
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Entry:
    """One webinar as a calendar shows it: texts in the reader's language, addresses complete.

    `stamp` is the moment of sending in a mail and of the last change in a file (DTSTAMP).
    `join_url` is the join page; the room's own address never comes here.
    """

    uid: str
    sequence: int
    stamp: datetime
    created: datetime
    last_modified: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    page_url: str
    join_url: str
    join_label: str
    category: str | None
    is_cancelled: bool = False
    siblings: tuple[str, ...] = ()  # UIDs of the other sessions of the series


@dataclass(frozen=True)
class Deadline:
    """Something to be done by a day. It takes no time of that day. `done_at`: it is done."""

    uid: str
    sequence: int
    stamp: datetime
    created: datetime
    day: date
    summary: str
    description: str
    page_url: str
    done_at: datetime | None = None


@dataclass(frozen=True)
class Party:
    """An organizer or attendee: name and plain address."""

    name: str
    address: str


def request(
    entry: Entry, attendee: Party, organizer: Party, *, chairs: bool = False, asks: bool = False
) -> bytes:
    """The invitation or update of one person. `asks`: for an answer, which will be read."""
    event = _event(entry)
    event.add("transp", "OPAQUE")
    _add_class(event, entry)
    event.add("organizer", _party(organizer))
    event.add("attendee", _invited(attendee, chairs, asks))
    event.add("x-microsoft-cdo-appt-sequence", str(entry.sequence))
    event.add("x-microsoft-cdo-busystatus", "BUSY")
    return _written(_calendar("REQUEST"), [event])


def cancel(entry: Entry, attendee: Party, organizer: Party, *, whole: bool) -> bytes:
    """Remove the event from one calendar.

    STATUS only when the whole webinar is cancelled: it must be missing when one person is
    uninvited (RFC 5546 section 3.2.5).
    """
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("x-microsoft-cdo-appt-sequence", str(entry.sequence))
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", _line(entry.summary))
    if whole:
        event.add("status", "CANCELLED")
    event.add("organizer", _party(organizer))
    event.add("attendee", _party(attendee))
    return _written(_calendar("CANCEL"), [event])


def download(entry: Entry) -> bytes:
    """A file for anybody's calendar: no METHOD, no people."""
    event = _event(entry)
    event.add("transp", "OPAQUE")
    _add_class(event, entry)
    return _written(_calendar(), [event])


def feed(entries: Iterable[Entry], name: str, tzid: str) -> bytes:
    """A calendar to subscribe to. It blocks nobody's time (TRANSP:TRANSPARENT)."""
    return feed_of((shown(entry) for entry in entries), name, tzid)


def feed_of(events: Iterable[str], name: str, tzid: str) -> bytes:
    """The same from events that were written before, each by `shown`."""
    calendar = _calendar()
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("x-wr-timezone", tzid)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("color", COLOR)
    head, end, rest = _written(calendar, []).decode().rpartition("END:VCALENDAR")
    return "".join([head, *events, end, rest]).encode()


def shown(entry: Entry, *, blocks_time: bool = False) -> str:
    """One event of a feed, in its written form."""
    event = _event(entry)
    event.add("transp", "OPAQUE" if blocks_time else "TRANSPARENT")
    _add_class(event, entry)
    event.add("x-microsoft-cdo-busystatus", "BUSY" if blocks_time else "FREE")
    return _text(event)


def shown_deadline(deadline: Deadline) -> str:
    """A whole day that blocks nothing, in the written form. DTEND is the day after (RFC 5545)."""
    event = Event()
    event.add("uid", deadline.uid)
    event.add("sequence", deadline.sequence)
    event.add("dtstamp", deadline.stamp)
    event.add("created", deadline.created)
    event.add("last-modified", deadline.stamp)
    event.add("dtstart", deadline.day)
    event.add("dtend", deadline.day + timedelta(days=1))
    event.add("summary", _line(deadline.summary))
    event.add("description", CONTROLS.sub("", deadline.description))
    event.add("url", deadline.page_url)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    return _text(event)


def shown_task(deadline: Deadline) -> str:
    """The same as something to tick off (RFC 5545 section 3.6.2), in the written form.

    Without DTSTART: it may be begun at any time. Nobody ticks it off in a feed; `done_at` does.
    """
    task = Todo()
    task.add("uid", deadline.uid)
    task.add("sequence", deadline.sequence)
    task.add("dtstamp", deadline.stamp)
    task.add("created", deadline.created)
    task.add("last-modified", deadline.stamp)
    task.add("due", deadline.day)
    task.add("summary", _line(deadline.summary))
    task.add("description", CONTROLS.sub("", deadline.description))
    task.add("url", deadline.page_url)
    task.add("status", "COMPLETED" if deadline.done_at else "NEEDS-ACTION")
    task.add("percent-complete", 100 if deadline.done_at else 0)
    if deadline.done_at is not None:
        task.add("completed", deadline.done_at)
    task.add("class", "PRIVATE")
    return _text(task)


def _text(event: Event | Todo) -> str:
    return bytes(event.to_ical(sorted=False)).decode()


def _calendar(method: str | None = None) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    return calendar


def _event(entry: Entry) -> Event:
    """What invitations, downloads and feeds have in common, in the order of the golden objects."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("created", entry.created)
    event.add("last-modified", entry.last_modified)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", _line(entry.summary))
    event.add("description", CONTROLS.sub("", entry.description))
    event.add("location", entry.join_url)
    event.add("url", entry.page_url)
    event.add("conference", _conference(entry))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event


def _add_class(event: Event, entry: Entry) -> None:
    event.add("class", "PUBLIC")
    if entry.category:
        event.add("categories", [_line(entry.category)])
    for uid in entry.siblings:
        event.add("related-to", uid, parameters={"RELTYPE": "SIBLING"})


def _conference(entry: Entry) -> vUri:
    uri = vUri(entry.join_url)
    uri.params["VALUE"] = "URI"
    uri.params["FEATURE"] = ["AUDIO", "VIDEO"]
    uri.params["LABEL"] = _clean(entry.join_label)
    return uri


def _party(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    if name := _clean(party.name):
        address.params["CN"] = name
    return address


def _invited(party: Party, chairs: bool, asks: bool) -> vCalAddress:
    """NEEDS-ACTION and hyphens as the RFC writes them: without, clients show no buttons."""
    address = vCalAddress(f"mailto:{party.address}")
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "CHAIR" if chairs else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE" if asks else "FALSE"
    address.params["CN"] = _clean(party.name) or party.address
    return address


def _written(calendar: Calendar, events: Iterable[Event]) -> bytes:
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical(sorted=False))


def _clean(text: str) -> str:
    """Without what older clients print wrong: icalendar writes a quote as ^' (RFC 6868)."""
    return " ".join(UNSAFE_IN_CN.sub("", text).split())


def _line(text: str) -> str:
    return " ".join(CONTROLS.sub(" ", text).split())
