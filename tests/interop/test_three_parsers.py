"""All that the product makes is read alike by three parsers that it is not written with."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser
from vobject.base import ParseError

from tests.calendar_story import Kept, told
from tests.interop.readers import Calendar, Libical, Read, by_ical_js, by_vobject

MOVES = [
    "2027-03-24T09:00:00+00:00",  # winter time in Brussels
    "2027-03-31T08:00:00+00:00",  # after 28 March
    "2027-10-27T08:00:00+00:00",
]
SESSIONS = [
    "2027-10-20T14:00:00+00:00",
    "2027-10-27T14:00:00+00:00",
    "2027-11-03T15:00:00+00:00",  # after 31 October
]


@pytest.fixture
def files(app: Flask) -> list[Kept]:
    return told(app)


def expected(file: Kept) -> Calendar:
    events = (
        Read(seen.uid, seen.start, seen.end, seen.summary, seen.attendees) for seen in file.events
    )
    return Calendar(file.method, tuple(events))


def test_three_parsers_read_the_same_in_every_file(files: list[Kept], chromium: Browser) -> None:
    libical = Libical()
    contents = [file.content for file in files]
    wanted = {file.name: expected(file) for file in files}

    in_browser = by_ical_js(chromium, contents)
    assert dict(zip(wanted, map(by_vobject, contents), strict=True)) == wanted
    assert dict(zip(wanted, map(libical.read, contents), strict=True)) == wanted
    assert dict(zip(wanted, in_browser, strict=True)) == wanted


def test_story_has_all_that_was_to_be_read_across_both_changes_of_clocks(
    files: list[Kept],
) -> None:
    starts = [seen.start.isoformat() for file in files for seen in file.events]
    methods = [file.method for file in files]

    assert set(MOVES + SESSIONS) <= set(starts)
    assert (methods.count("REQUEST"), methods.count("CANCEL"), methods.count("")) == (13, 5, 10)
    assert len({file.name for file in files}) == len(files) == 28


def test_parsers_notice_what_is_wrong(files: list[Kept], chromium: Browser) -> None:
    """Else the test above would say nothing."""
    broken = files[0].content.replace(b"DTSTART:2027", b"DTSTART:20X7")

    with pytest.raises(ParseError):
        by_vobject(broken)
    with pytest.raises(AssertionError):
        Libical().read(broken)
    assert by_ical_js(chromium, [broken]) != [expected(files[0])]
