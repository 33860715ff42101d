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
    page.get_by_label("Day", exact=True).fill(f"{utcnow() + timedelta(days=30):%Y-%m-%d}")
    page.get_by_label("Start", exact=True).fill("10:00")
    page.get_by_label("End", exact=True).fill("11:00")
    page.get_by_text("Programme", exact=True).click()
    page.get_by_label("What happens 1").fill("Welcome")
    page.get_by_label("Minutes 1").fill("10")
    page.get_by_text("Room, seats and registration").click()
    page.get_by_label("Address of the room").fill(ROOM)
    page.get_by_role("button", name=re.compile("draft", re.IGNORECASE)).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rights in the budget: a first hour")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
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
    page.get_by_role("link", name="Move", exact=True).click()
    page.get_by_label("Start", exact=True).fill("12:00")
    page.get_by_label("End", exact=True).fill("13:00")
    page.get_by_role("button", name="See who receives what").click()
    expect(page.get_by_role("main")).to_contain_text(
        "1 person with a seat gets a mail that changes their calendar."
    )
    expect(page.get_by_role("table")).to_contain_text("12:00–13:00")
    page.get_by_role("button", name="Move it and tell them").click()
    expect(page.get_by_role("main")).to_contain_text("12:00")


def _cancel(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Cancel the webinar").click()
    page.get_by_label(re.compile("why|reason", re.IGNORECASE)).fill("Two speakers are ill.")
    page.get_by_label("How many people have a seat?").fill("1")
    page.get_by_role("main").get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.get_by_role("main")).to_contain_text("cancelled")


def test_five_minutes_from_new_to_published(
    demo: Flask,
    browser_for: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
) -> None:
    """Seven fields are needed, two of them are filled in already; then one button."""
    page = sign_in(browser_for(), "Webinar organiser, network")
    page.goto("/webinars")
    page.get_by_role("link", name="Schedule a webinar").first.click()
    needed = page.locator("main [aria-required=true]")
    empty = [field for field in needed.all() if not field.input_value()]

    assert (needed.count() <= 7, len(empty)) == (True, 5)
    day = f"{utcnow() + timedelta(days=30):%Y-%m-%d}"
    typed = ["Rights in the budget", "One budget line each.", day, "10:00", "11:00"]
    for field, words in zip(empty, typed, strict=True):
        field.fill(words)
    page.get_by_role("button", name="Publish it now").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Rights in the budget")
    expect(page.get_by_role("main")).not_to_contain_text("This is a draft.")
    expect(page.get_by_text("Published. Invitations go out as people register.")).to_be_visible()
    stranger = browser_for()
    stranger.goto(urlsplit(page.url).path)
    expect(stranger.get_by_role("button", name="Register")).to_be_visible()


def test_an_hour_that_comes_twice_is_asked_in_the_form(
    demo: Flask,
    browser_for: Callable[..., Page],
    sign_in: Callable[[Page, str], Page],
) -> None:
    page = sign_in(browser_for(), "Webinar organiser, network")
    page.goto("/webinars/new")
    page.get_by_label("Title").fill("A night shift")
    page.get_by_label("What people will take home").fill("Nothing is typed twice.")
    page.get_by_label("Day", exact=True).fill("2027-10-31")
    page.get_by_label("Start", exact=True).fill("02:30")
    page.get_by_label("End", exact=True).fill("04:00")
    page.get_by_role("button", name="Save draft and look at it").click()

    expect(page.get_by_role("group", name="Which start do you mean?")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("A night shift")
    page.get_by_label("The second, after the clock was put back").check()
    page.get_by_role("button", name="Save draft and look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A night shift")
