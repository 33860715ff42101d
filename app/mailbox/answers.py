"""Answers of calendars: REPLY, COUNTER and REFRESH of iTIP (RFC 5546), out of their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.core.zones import zone_names
from app.mailbox.addresses import plain_address
from app.mailbox.content_lines import Component, ContentLine, read_calendar, text_of
from app.mailbox.errors import NoCalendarAnswer, NotForUs
from app.mailbox.letters import CalendarPart, Letter, clean

METHODS = {"REPLY", "COUNTER", "REFRESH"}
MOST_EVENTS = 10
MOST_ATTENDEES = 100
LONGEST_COMMENT = 1000
LONGEST_UID = 255
INT32 = 2**31 - 1
NUMBER = re.compile(r"\d{1,18}")
MOMENT = re.compile(r"(\d{8})T(\d{6})(Z?)")
TELLTALE = {"UTC": "UTC", "GMT": "UTC", "Z": "UTC"}


@dataclass(frozen=True)
class Attendee:
    """`address` and the others as they are compared; `partstat` in capitals."""

    address: str
    partstat: str
    sent_by: str
    delegated_to: str


@dataclass(frozen=True)
class CalendarAnswer:
    """`organizer` is None where the program sends none (Outlook); empty: it is no address."""

    method: str
    uid: str
    sequence: int
    dtstamp: datetime | None
    organizer: str | None
    attendees: tuple[Attendee, ...]
    comment: str
    starts_at: datetime | None
    ends_at: datetime | None


def answer_in(letter: Letter) -> CalendarAnswer:
    """The one answer in a mail.

    Raise NoCalendarAnswer when there is none and people should read it, NotForUs when there is
    one that must not count.
    """
    if letter.has_large_calendar and not letter.calendars:
        raise NoCalendarAnswer("The calendar in it is larger than 256 kB.")
    objects = [(part, read_calendar(part.content, part.charset)) for part in letter.calendars]
    found = {_answer(part, it) for part, it in objects if it is not None and _is_answer(it)}
    if len(found) > 1:
        raise NotForUs("It holds several answers that differ.")
    if not found:
        raise NoCalendarAnswer(_why(letter))
    return found.pop()


def _why(letter: Letter) -> str:
    if letter.has_tnef:
        return "The calendar is hidden in winmail.dat."
    return "The calendar in it cannot be read." if letter.calendars else "There is no calendar."


def _is_answer(calendar: Component) -> bool:
    return calendar.value("METHOD").strip().upper() in METHODS


def _answer(part: CalendarPart, calendar: Component) -> CalendarAnswer:
    method = calendar.value("METHOD").strip().upper()
    if part.promised_method not in {"", method}:
        raise NotForUs(f"The header says {part.promised_method[:20]}, the calendar {method}.")
    return _of_event(method, _event(calendar))


def _event(calendar: Component) -> Component:
    """The one event it is about; answers to single dates of a series are not ours."""
    events = [inner for inner in calendar.inside if inner.name == "VEVENT"]
    if len(events) > MOST_EVENTS:
        raise NoCalendarAnswer(f"It has more than {MOST_EVENTS} events.")
    if not events:
        raise NoCalendarAnswer("There is no event in the calendar.")
    whole = [event for event in events if not event.all("RECURRENCE-ID")]
    if not whole:
        raise NotForUs("It answers one date of a series, and we have none.")
    if len(whole) > 1:
        raise NotForUs("It answers several events.")
    return whole[0]


def _of_event(method: str, event: Component) -> CalendarAnswer:
    organizers = event.all("ORGANIZER")
    return CalendarAnswer(
        method=method,
        uid=clean(event.value("UID")).strip()[:LONGEST_UID],
        sequence=_sequence(event),
        dtstamp=_moment(next(iter(event.all("DTSTAMP")), None), floating_is_utc=True),
        organizer=plain_address(organizers[0].value) if organizers else None,
        attendees=tuple(_attendees(event.all("ATTENDEE"))),
        comment=_comment(event.all("COMMENT")),
        starts_at=_moment(next(iter(event.all("DTSTART")), None)),
        ends_at=_moment(next(iter(event.all("DTEND")), None)),
    )


def _sequence(event: Component) -> int:
    """Missing is 0 (RFC 5546 section 2.1.5); Outlook says it once more where it counts."""
    read = event.value("SEQUENCE") or event.value("X-MICROSOFT-CDO-APPT-SEQUENCE")
    number = NUMBER.fullmatch(read.strip())
    return min(int(number[0]), INT32) if number else 0


def _attendees(lines: Iterable[ContentLine]) -> Iterable[Attendee]:
    for line in list(lines)[:MOST_ATTENDEES]:
        if address := plain_address(line.value):
            yield Attendee(
                address=address,
                partstat=line.parameter("PARTSTAT").upper(),
                sent_by=plain_address(line.parameter("SENT-BY")),
                delegated_to=plain_address(line.parameter("DELEGATED-TO")),
            )


def _comment(lines: Iterable[ContentLine]) -> str:
    words = "\n".join(text_of(line.value) for line in lines)
    return clean(words[: 4 * LONGEST_COMMENT], keep="\n").strip()[:LONGEST_COMMENT]


def _moment(line: ContentLine | None, *, floating_is_utc: bool = False) -> datetime | None:
    """A moment in UTC; None where it is not certain which one is meant."""
    match = MOMENT.fullmatch(line.value.strip()) if line else None
    if line is None or match is None:
        return None
    zone = "UTC" if match[3] or (floating_is_utc and not line.parameter("TZID")) else ""
    zone = zone or zone_named(line.parameter("TZID"))
    try:
        local = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")  # noqa: DTZ007
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if zone else None
    except (ValueError, OverflowError):
        return None


def zone_named(tzid: str) -> str:
    """The IANA name of a zone that goes by Windows' name or has a path before it; else empty."""
    tzid = tzid.strip().strip('"')
    parts = tzid.split("/")
    tails = ["/".join(parts[-count:]) for count in (3, 2)]
    known = [name for name in (tzid, *tails) if name in zone_names()]
    return next(iter(known), WINDOWS_TO_OLSON.get(tzid, TELLTALE.get(tzid.upper(), "")))
