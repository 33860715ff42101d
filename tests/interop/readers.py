"""Three calendar programs' parsers, none of which we write with: what each reads in a file.

vobject is Python, libical is C (Debian's library), ical.js is JavaScript (in Debian's Chromium).
"""

from __future__ import annotations

import base64
import ctypes
import hashlib
import tarfile
from collections.abc import Iterator, Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import vobject
from playwright.sync_api import Browser

ICAL_JS = Path(__file__).parent.parent.parent / "build" / "interop" / "ical.js-2.2.1.tgz"
ICAL_JS_SHA512 = (
    "c8afd494f6c4b37d7a8a06ffb634606c503c655ef9ac2b01269fe158e6ada726"
    "8f365830d1d183994f85a2270e7305f8c5791e5ce91888e982a8d3c5a4d3e442"
)
LIBICAL = find_library("ical")


@dataclass(frozen=True, order=True)
class Read:
    """One event as a program understands it. A whole day has dates."""

    uid: str
    start: datetime | date
    end: datetime | date
    summary: str
    attendees: tuple[str, ...]


@dataclass(frozen=True)
class Calendar:
    method: str
    events: tuple[Read, ...]


def by_vobject(content: bytes) -> Calendar:
    (calendar,) = vobject.readComponents(content.decode())
    events = tuple(_of_vobject(event) for event in calendar.contents.get("vevent", []))
    method = calendar.method.value if "method" in calendar.contents else ""
    return Calendar(str(method), events)


def _of_vobject(event: Any) -> Read:
    attendees = tuple(_address(one.value) for one in event.contents.get("attendee", []))
    start, end = (_utc(moment) for moment in (event.dtstart.value, event.dtend.value))
    return Read(event.uid.value, start, end, event.summary.value, attendees)


class Time(ctypes.Structure):
    """struct icaltimetype of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


class Libical:
    """As much of the library's interface as reading takes."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(LIBICAL)
        text, pointer, number = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int
        self._parse = self._function("icalparser_parse_string", pointer, text)
        self._free = self._function("icalcomponent_free", None, pointer)
        self._errors = self._function("icalcomponent_count_errors", number, pointer)
        self._component_kind = self._function("icalcomponent_string_to_kind", number, text)
        self._property_kind = self._function("icalproperty_string_to_kind", number, text)
        self._first_part = self._walk("icalcomponent_get_first_component")
        self._next_part = self._walk("icalcomponent_get_next_component")
        self._first = self._walk("icalcomponent_get_first_property")
        self._next = self._walk("icalcomponent_get_next_property")
        self._value = self._function("icalproperty_get_value_as_string", text, pointer)
        self._start = self._function("icalcomponent_get_dtstart", Time, pointer)
        self._end = self._function("icalcomponent_get_dtend", Time, pointer)
        self._summary = self._function("icalcomponent_get_summary", text, pointer)
        self._uid = self._function("icalcomponent_get_uid", text, pointer)
        self._seconds = self._function("icaltime_as_timet", ctypes.c_long, Time)

    def read(self, content: bytes) -> Calendar:
        whole = self._parse(content)
        try:
            assert whole, "nothing that could be read"
            assert self._errors(whole) == 0
            methods = [self._value(one).decode() for one in self._properties(whole, b"METHOD")]
            events = tuple(self._event(part) for part in self._parts(whole, b"VEVENT"))
            return Calendar("".join(methods), events)
        finally:
            self._free(whole)

    def tasks(self, content: bytes) -> list[list[str]]:
        """Of each VTODO: UID, DUE, STATUS and PERCENT-COMPLETE, as they are written."""
        whole = self._parse(content)
        try:
            assert self._errors(whole) == 0
            names = (b"UID", b"DUE", b"STATUS", b"PERCENT-COMPLETE")
            return [
                [
                    self._value(one).decode()
                    for name in names
                    for one in self._properties(part, name)
                ]
                for part in self._parts(whole, b"VTODO")
            ]
        finally:
            self._free(whole)

    def _event(self, part: int) -> Read:
        attendees = (self._value(one).decode() for one in self._properties(part, b"ATTENDEE"))
        return Read(
            self._uid(part).decode(),
            self._moment(self._start(part)),
            self._moment(self._end(part)),
            self._summary(part).decode(),
            tuple(_address(one) for one in attendees),
        )

    def _moment(self, time: Time) -> datetime | date:
        if time.is_date:
            return date(time.year, time.month, time.day)
        return datetime.fromtimestamp(self._seconds(time), UTC)

    def _parts(self, whole: int, name: bytes) -> Iterator[int]:
        kind = self._component_kind(name)
        part = self._first_part(whole, kind)
        while part:
            yield part
            part = self._next_part(whole, kind)

    def _properties(self, part: int, name: bytes) -> Iterator[int]:
        kind = self._property_kind(name)
        found = self._first(part, kind)
        while found:
            yield found
            found = self._next(part, kind)

    def _walk(self, name: str) -> Any:
        return self._function(name, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)

    def _function(self, name: str, result: Any, *arguments: Any) -> Any:
        function = getattr(self._library, name)
        function.restype, function.argtypes = result, list(arguments)
        return function


READ_IN_BROWSER = """
async ([library, files]) => {
  const { default: ICAL } = await import(library);
  const moment = (time) => time.isDate
    ? time.toString()
    : new Date(time.toUnixTime() * 1000).toISOString();
  return files.map((text) => {
    const calendar = new ICAL.Component(ICAL.parse(text));
    return {
      method: calendar.getFirstPropertyValue("method") || "",
      events: calendar.getAllSubcomponents("vevent").map((part) => {
        const event = new ICAL.Event(part);
        return {
          uid: event.uid, summary: event.summary,
          start: moment(event.startDate), end: moment(event.endDate),
          attendees: event.attendees.map((one) => one.getFirstValue()),
        };
      }),
    };
  });
}
"""


def by_ical_js(browser: Browser, files: Sequence[bytes]) -> list[Calendar]:
    """All files in one page, which loads nothing from anywhere."""
    page = browser.new_page()
    try:
        script = base64.b64encode(_ical_js()).decode()
        library = f"data:text/javascript;base64,{script}"
        found = page.evaluate(READ_IN_BROWSER, [library, [file.decode() for file in files]])
    finally:
        page.close()
    return [Calendar(one["method"], tuple(map(_of_browser, one["events"]))) for one in found]


def _ical_js() -> bytes:
    """The library out of its package, if it is the very package that was pinned."""
    assert hashlib.sha512(ICAL_JS.read_bytes()).hexdigest() == ICAL_JS_SHA512
    with tarfile.open(ICAL_JS) as package:
        script = package.extractfile("package/dist/ical.js")
        assert script is not None
        return script.read()


def _of_browser(event: dict[str, Any]) -> Read:
    attendees = tuple(_address(one) for one in event["attendees"])
    start, end = (_parsed(event[name]) for name in ("start", "end"))
    return Read(event["uid"], start, end, event["summary"], attendees)


def _parsed(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _utc(moment: datetime | date) -> datetime | date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _address(value: str) -> str:
    assert value.startswith("mailto:"), value
    return value.removeprefix("mailto:")
