"""Each rule stands for a fault that real programs stumbled over (spec/calendar 2.11)."""

from __future__ import annotations

import pytest
from flask import Flask

from app.webinars.lint import faults
from app.webinars.samples import sample_invitation
from tests.factories_webinars import make_webinar

GOOD = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:a@example.org\r\n"
    b"SEQUENCE:0\r\nDTSTAMP:20270301T080000Z\r\nDTSTART:20270325T090000Z\r\n"
    b"DTEND:20270325T100000Z\r\nSUMMARY:Housing\r\n"
    b'ORGANIZER;CN="Cities: together":mailto:events@example.org\r\n'
    b"ATTENDEE;RSVP=TRUE:mailto:officer@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_good_invitation_has_no_fault() -> None:
    assert faults(GOOD, "REQUEST") == []


def test_what_we_would_send_has_no_fault(app: Flask) -> None:
    webinar = make_webinar("Łódź Αθήνα København 🎥 " * 5, published=False)

    assert faults(sample_invitation(webinar), "REQUEST") == []


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (GOOD.replace(b"\r\n", b"\n"), "lines"),
        (GOOD.replace(b"Housing", b"H" * 80), "lines"),
        (GOOD.replace(b"UID:a@example.org\r\n", b""), "lacks UID"),
        (GOOD.replace(b"METHOD:REQUEST", b"METHOD:PUBLISH"), "does not say"),
        (GOOD.replace(b"SUMMARY:", b"STATUS:CANCELLED\r\nSUMMARY:"), "does not say"),
        (GOOD.replace(b"mailto:events@", b"events@"), "not a mail address"),
        (GOOD.replace(b"officer@", b"Events@"), "Outlook"),
        (GOOD.replace(b"DTSTART:20270325T090000Z", b"DTSTART:20270325T090000"), "hours"),
        (GOOD.replace(b"SEQUENCE:0", b"SEQUENCE:1773423967000"), "version"),
    ],
)
def test_a_fault_is_named(wrong: bytes, part: str) -> None:
    (sentence,) = faults(wrong, "REQUEST")

    assert part in sentence
