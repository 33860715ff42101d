from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from app.webinars import itip
from app.webinars.itip import Entry, Party

GOLDEN = Path(__file__).parent.parent / "golden"
WRITTEN = datetime(2026, 3, 10, 8, 15, tzinfo=UTC)
ORGANIZER = Party("Interurban", "events@forum.example.org")
ATTENDEE = Party("Housing officer, Ghent", "housing@city.example")
ENTRY = Entry(
    uid="webinar-6f1c2a9e-5c43-4a0e-9d0a-0f2b6f1c2a9e@forum.example.org",
    sequence=0,
    stamp=WRITTEN,
    created=datetime(2026, 3, 1, 9, tzinfo=UTC),
    last_modified=datetime(2026, 3, 9, 14, 30, tzinfo=UTC),
    starts_at=datetime(2026, 3, 25, 9, tzinfo=UTC),
    ends_at=datetime(2026, 3, 25, 10, tzinfo=UTC),
    summary="Housing and human rights",
    description=(
        "Join: https://forum.example.org/webinars/42/join\n"
        "10:00 Brussels, 09:00 Lisbon, 11:00 Athens"
    ),
    page_url="https://forum.example.org/webinars/42-housing-and-human-rights",
    join_url="https://forum.example.org/webinars/42/join",
    join_label="Join",
    category="Housing",
)
MOVED = replace(
    ENTRY,
    sequence=1,
    starts_at=datetime(2026, 3, 26, 9, tzinfo=UTC),
    ends_at=datetime(2026, 3, 26, 10, tzinfo=UTC),
)
OFF = replace(MOVED, sequence=2, summary="Cancelled: Housing and human rights", is_cancelled=True)
HARD = replace(
    ENTRY,
    summary="Łódź Αθήνα København 🎥 " * 6,
    description="Łódź Αθήνα København 🎥; a, b\\c\n" * 20,
    category="Wohnen; Miete, Łódź",
)

FILES = {
    "webinar-request.ics": itip.request(ENTRY, ATTENDEE, ORGANIZER),
    "webinar-update.ics": itip.request(MOVED, ATTENDEE, ORGANIZER),
    "webinar-cancel.ics": itip.cancel(OFF, ATTENDEE, ORGANIZER, whole=True),
    "webinar-withdraw.ics": itip.cancel(replace(OFF, sequence=1), ATTENDEE, ORGANIZER, whole=False),
    "webinar-download.ics": itip.download(ENTRY),
    "webinar-feed.ics": itip.feed([ENTRY, OFF], "Interurban: webinars", "Europe/Brussels"),
}


@pytest.mark.parametrize("name", FILES)
def test_calendar_object_equals_the_golden_file(name: str) -> None:
    assert FILES[name] == (GOLDEN / name).read_bytes()


@pytest.mark.parametrize(("name", "method"), [
    ("webinar-request.ics", "REQUEST"),
    ("webinar-update.ics", "REQUEST"),
    ("webinar-cancel.ics", "CANCEL"),
    ("webinar-withdraw.ics", "CANCEL"),
])  # fmt: skip
def test_golden_mail_object_reads_back(name: str, method: str) -> None:
    calendar = Calendar.from_ical((GOLDEN / name).read_bytes())
    (event,) = calendar.events

    assert calendar["METHOD"] == method
    assert event["UID"] == ENTRY.uid
    assert event["ORGANIZER"] == "mailto:events@forum.example.org"
    assert event["ATTENDEE"] == "mailto:housing@city.example"
    assert event["ATTENDEE"].params["CN"] == "Housing officer, Ghent"
    assert (event.end - event.start).total_seconds() == 3600
    assert int(event["X-MICROSOFT-CDO-APPT-SEQUENCE"]) == event["SEQUENCE"]


def test_lines_are_short_end_in_crlf_and_never_cut_a_letter() -> None:
    attendee = Party("Łódź Αθήνα København 🎥 " * 4, "a@b.example")
    for written in (
        itip.request(HARD, attendee, ORGANIZER),
        itip.cancel(HARD, attendee, ORGANIZER, whole=True),
        itip.download(HARD),
        itip.feed([HARD] * 3, HARD.summary, "Europe/Brussels"),
    ):
        lines = written.split(b"\r\n")

        assert all(len(line) <= 75 for line in lines)
        assert written.count(b"\n") == written.count(b"\r\n")
        assert [line.decode() for line in lines]  # each line alone is UTF-8
        assert Calendar.from_ical(written).events[0]["SUMMARY"] == HARD.summary.strip()


def test_a_request_never_says_cancelled() -> None:
    calendar = Calendar.from_ical(FILES["webinar-request.ics"])

    assert calendar.events[0]["STATUS"] == "CONFIRMED"


def test_status_is_in_the_cancel_for_all_and_not_in_that_for_one() -> None:
    for_all = Calendar.from_ical(FILES["webinar-cancel.ics"]).events[0]
    for_one = Calendar.from_ical(FILES["webinar-withdraw.ics"]).events[0]

    assert for_all["STATUS"] == "CANCELLED"
    assert "STATUS" not in for_one


@pytest.mark.parametrize("name", FILES)
def test_there_is_no_alarm_and_no_time_zone_block(name: str) -> None:
    assert b"VALARM" not in FILES[name]
    assert b"VTIMEZONE" not in FILES[name]
    assert b"TZID" not in FILES[name]


@pytest.mark.parametrize("name", ["webinar-download.ics", "webinar-feed.ics"])
def test_files_for_everybody_have_no_method_and_no_people(name: str) -> None:
    for word in (b"METHOD", b"ORGANIZER", b"ATTENDEE"):
        assert word not in FILES[name]


def test_name_loses_what_calendars_print_wrong() -> None:
    party = Party('Officer "Q^"\r\nATTENDEE:mailto:other@x.example\x00', "a@b.example")

    event = Calendar.from_ical(itip.request(ENTRY, party, ORGANIZER)).events[0]

    assert event["ATTENDEE"].params["CN"] == "Officer QATTENDEE:mailto:other@x.example"
    assert event["ATTENDEE"] == "mailto:a@b.example"


def test_person_without_a_name_is_called_by_the_address() -> None:
    event = Calendar.from_ical(itip.request(ENTRY, Party("", "a@b.example"), ORGANIZER)).events[0]

    assert event["ATTENDEE"].params["CN"] == "a@b.example"


def test_organiser_chairs() -> None:
    written = itip.request(ENTRY, ATTENDEE, ORGANIZER, chairs=True)

    assert Calendar.from_ical(written).events[0]["ATTENDEE"].params["ROLE"] == "CHAIR"


def test_control_characters_reach_no_calendar() -> None:
    entry = replace(ENTRY, summary="a\x00b\x0bc\r\nd", description="x\x00y\nz", category=None)

    event = Calendar.from_ical(itip.download(entry)).events[0]

    assert event["SUMMARY"] == "a b c d"
    assert event["DESCRIPTION"] == "xy\nz"
    assert "CATEGORIES" not in event
