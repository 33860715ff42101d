"""One message: the same words as text and HTML, for one reader."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from flask import Flask

from app.core.email import Recipient, attach_calendar, compose

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def composed(**changes: str) -> EmailMessage:
    values = {"address": "guest@demo.invalid", "name": "Housing officer, York"}
    return compose(
        "password_changed", Recipient(**(values | changes)), link="http://localhost/reset"
    )


def read_back(message: EmailMessage) -> EmailMessage:
    """As the recipient's program reads it."""
    return message_from_bytes(message.as_bytes(policy=SMTP), policy=SMTP)


def test_head_says_who_to_whom_and_that_no_person_wrote_it(app: Flask) -> None:
    message = read_back(composed())

    assert message["From"] == "Interurban <events@forum.example.org>"
    assert message["To"] == '"Housing officer, York" <guest@demo.invalid>'
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_language_stands_on_top(app: Flask, locale: str) -> None:
    message = read_back(composed(locale=locale))

    assert message.get_all("Content-Language") == [locale]
    assert [part["Content-Language"] for part in message.iter_parts()] == [None, None]


def test_language_stays_on_top_with_a_calendar(app: Flask) -> None:
    message = composed(locale="de")
    attach_calendar(message, ICS, "REQUEST")

    read = read_back(message)
    assert read.get_all("Content-Language") == ["de"]
    leaves = [part for part in read.walk() if not part.is_multipart()]
    assert [part["Content-Language"] for part in leaves] == [None] * 4


def test_calendar_is_last_alternative_and_file(app: Flask) -> None:
    message = composed()
    attach_calendar(message, ICS, "REQUEST")

    read = read_back(message)
    body, file = read.iter_parts()
    calendar = list(body.iter_parts())[-1]
    assert calendar["Content-Type"] == 'text/calendar; charset="UTF-8"; method="REQUEST"'
    assert file.get_content_type() == "application/ics"
    assert file.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == file.get_payload(decode=True) == ICS


@pytest.mark.parametrize("name", ["A\r\nBcc: everybody@x.example", "A\x00B", "\u202eA"])
def test_a_name_cannot_write_headers(app: Flask, name: str) -> None:
    message = read_back(composed(name=name))

    assert message["Bcc"] is None
    assert message["To"].addresses[0].addr_spec == "guest@demo.invalid"
    assert message["To"].addresses[0].display_name.isprintable()
