"""An organiser's webinar from draft to cancellation, as calendars hear of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from urllib.parse import urlsplit

import pytest
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Page, expect

from app.core.clock import utcnow
from app.core.mail_files import kept_mails
from config import Settings

pytestmark = pytest.mark.browser

GUEST = "equality.officer@city.invalid"
ROOM = "https://rooms.invalid/secret-room"


def mails_to(settings: Settings, address: str) -> list[EmailMessage]:
    """Kept messages to one person, oldest first."""
    parser = BytesParser(policy=SMTP)
    messages = [parser.parsebytes(path.read_bytes()) for path in kept_mails(settings.mail_dir)]
    return [message for message in reversed(messages) if address in str(message["To"])]  # type: ignore[misc]


def calendar_part(message: EmailMessage) -> EmailMessage:
    return next(part for part in message.walk() if part.get_content_type() == "text/calendar")  # type: ignore[return-value]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_three_mails_one_uid(
    demo: Flask,
    settings: Settings,
    browser_for: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
    run_jobs: Callable[..., int],
) -> None:
    """Schedule, publish, register as guest, move, cancel: the whole life in one browser."""
    organiser = sign_in(browser_for(), "Webinar organiser, network")
    page_address = _schedule_and_publish(organiser)
    _register_as_guest(browser_for(), page_address, settings, run_jobs)
    _move(organiser, page_address)
    run_jobs(mails=True)
    _cancel(organiser, page_address)
    run_jobs(mails=True)

    invitations = mails_to(settings, GUEST)
    invitations = [
        m for m in invitations if any(p.get_content_type() == "text/calendar" for p in m.walk())
    ]
    calendars = [Calendar.from_ical(calendar_part(m).get_content()) for m in invitations]
    events = [calendar.walk("VEVENT")[0] for calendar in calendars]

    assert [str(calendar["METHOD"]) for calendar in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [calendar_part(m).get_param("method") for m in invitations] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
    ]
    assert len({str(event["UID"]) for event in events}) == 1
    sequences = [int(event["SEQUENCE"]) for event in events]
    assert sequences == sorted(set(sequences))
    assert [str(event["ATTENDEE"]) for event in events] == [f"mailto:{GUEST}"] * 3
    assert events[1]["DTSTART"].dt - events[0]["DTSTART"].dt == timedelta(hours=2)
    assert str(events[2]["STATUS"]) == "CANCELLED"
    assert not any(
        ROOM in message.as_string() or ROOM in text_of(message) for message in invitations
    )


def _schedule_and_publish(page: Page) -> str:
    page.goto("/webinars/new")
    page.get_by_label("Title").fill("Rights in the budget: a first hour")
    page.get_by_label("What people will take home").fill("Three cities, one budget line each.")
    page.get_by_label("Day").fill(f"{utcnow() + timedelta(days=30):%Y-%m-%d}")
    page.get_by_label("Start").fill("10:00")
    page.get_by_label("End", exact=True).fill("11:00")
    page.get_by_label("What happens 1").fill("Welcome")
    page.get_by_label("Minutes 1").fill("10")
    page.get_by_label("Address of the room").fill(ROOM)
    page.get_by_role("button", name=re.compile("draft", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rights in the budget: a first hour")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    assert ROOM not in page.content()
    return urlsplit(page.url).path


def _register_as_guest(
    page: Page, address: str, settings: Settings, run_jobs: Callable[..., int]
) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill("Equality officer")
    page.get_by_label("Your e-mail address").fill(GUEST)
    page.get_by_label("You may keep my name").check()
    page.get_by_role("button", name="Register").click()
    run_jobs(mails=True)
    [confirm] = mails_to(settings, GUEST)
    [link] = re.findall(r"http://localhost(/registrations/confirm/\S+)", text_of(confirm))
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text("You have a seat")
    run_jobs(mails=True)
    assert ROOM not in page.content()


def _move(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Move").click()
    page.get_by_label("Start").fill("12:00")
    page.get_by_label("End", exact=True).fill("13:00")
    page.get_by_role("main").get_by_role("button", name=re.compile("Move")).click()
    expect(page.get_by_role("main")).to_contain_text("12:00")


def _cancel(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Cancel the webinar").click()
    page.get_by_label(re.compile("why|reason", re.IGNORECASE)).fill("Two speakers are ill.")
    page.get_by_role("main").get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.get_by_role("main")).to_contain_text("cancelled")
