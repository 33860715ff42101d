"""/dev/mail shows what was sent, in demo mode only, and nothing outside its folder."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.core.email import attach_calendar
from app.core.mail_files import MailFiles, kept_mails
from config import Settings

ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def invitation(subject: str = "Invitation: Housing", text: str = "Come.") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "events@forum.example.org"
    message["To"] = "Guest <guest@demo.invalid>"
    message["Subject"] = subject
    message["Date"] = "Sat, 21 Nov 2026 19:00:00 +0000"
    message.set_content(text)
    message.add_alternative("<p>Come.</p><script>alert(1)</script>", subtype="html")
    attach_calendar(message, ICS, "REQUEST")
    return message.as_bytes()


def keep(settings: Settings, content: bytes) -> str:
    MailFiles(settings.mail_dir).deliver("guest@demo.invalid", content)
    return kept_mails(settings.mail_dir)[0].stem


def test_an_empty_mailbox_says_so(client: FlaskClient) -> None:
    answer = client.get("/dev/mail")

    assert answer.status_code == 200
    assert "No mail yet." in answer.text


def test_a_message_is_listed_and_shown_with_its_parts(
    client: FlaskClient, settings: Settings
) -> None:
    name = keep(settings, invitation(text="Join at https://forum.example.org/join?a=1&b=2 then."))

    assert f'href="/dev/mail/{name}"' in client.get("/dev/mail").text
    page = client.get(f"/dev/mail/{name}").text
    assert '<a href="https://forum.example.org/join?a=1&amp;b=2">' in page
    assert "METHOD:REQUEST" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "invite.ics" in page


def test_the_download_is_the_message_byte_for_byte(client: FlaskClient, settings: Settings) -> None:
    content = invitation("Grüße")
    name = keep(settings, content)

    answer = client.get(f"/dev/mail/{name}/message.eml")

    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["nothing", "..%2Fsecret_key", "%2Fetc%2Fpasswd", "%00", "💌"])
def test_other_names_are_not_found(client: FlaskClient, settings: Settings, name: str) -> None:
    keep(settings, invitation())

    assert client.get(f"/dev/mail/{name}").status_code == 404
    assert client.get(f"/dev/mail/{name}/message.eml").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: a\xff\r\nTo: \xfe@x\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff",
        b"Subject: =?utf-8?b?////?=\r\nDate: never\r\n\r\n\xff",
    ],
)
def test_broken_messages_are_still_shown(
    client: FlaskClient, settings: Settings, content: bytes
) -> None:
    name = keep(settings, content)

    assert client.get("/dev/mail").status_code == 200
    assert client.get(f"/dev/mail/{name}").status_code == 200


def test_the_mailbox_has_pages(client: FlaskClient, settings: Settings) -> None:
    for _ in range(51):
        keep(settings, invitation())

    assert client.get("/dev/mail").text.count("Invitation: Housing") == 50
    assert client.get("/dev/mail?page=2").text.count("Invitation: Housing") == 1


def test_outside_of_demo_mode_there_is_no_mailbox(app: Flask, settings: Settings) -> None:
    serious = create_app(replace(settings, demo=False), TESTING=True)

    assert serious.test_client().get("/dev/mail").status_code == 404
