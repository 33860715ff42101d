"""A guest has a place after half a minute at the keyboard; an organiser sees them at 320 pixels."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.core.db import db
from app.webinars.enums import QuestionKind, Recording, RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories_answers import (
    answers_to,
    make_answer,
    make_proposal,
    make_question,
    make_transfer,
)
from tests.factories_registrations import mails_to, make_registration, text_of
from tests.factories_webinars import make_webinar

pytestmark = pytest.mark.browser

Open = Callable[..., Page]
KEYS_A_SECOND = 3  # of somebody who looks at the keys: 36 words a minute
SECONDS = 30
GUEST = "housing@city.invalid"


class Keyboard:
    """Everything is done by keys, and each is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, key: str) -> None:
        self.page.wait_for_load_state()  # words are there before the keys are
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def go_to(self, wanted: Locator) -> None:
        for _step in range(60):
            if wanted.evaluate("one => one === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"The keyboard does not reach {wanted}")


@pytest.fixture
def guest(browser_for: Open) -> Page:
    return browser_for()


def test_guest_registers_in_thirty_seconds(
    app: Flask, guest: Page, run_jobs: Callable[..., int]
) -> None:
    webinar = make_webinar("Housing", capacity=20)
    guest.goto(f"/webinars/{webinar.id}-housing#ticket")
    hand = Keyboard(guest)

    fields = {"Your name": "Housing officer", "Your e-mail address": GUEST,
              "Your city or organisation": "York"}  # fmt: skip
    for label, text in fields.items():
        hand.go_to(guest.get_by_label(label))
        hand.type(text)
    hand.go_to(guest.get_by_label("You may keep my name"))
    hand.press("Space")
    hand.press("Enter")
    expect(guest.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    run_jobs()
    found = re.search(r"http://localhost(/registrations/confirm/\S+)", text_of(mails_to(GUEST)[0]))
    assert found
    guest.goto(found[1])
    hand.go_to(guest.get_by_role("button", name="Confirm my registration"))
    hand.press("Enter")

    expect(guest.get_by_role("main")).to_contain_text("You have a seat.")
    assert hand.keys <= SECONDS * KEYS_A_SECOND
    assert [row.state for row in registrations()] == [RegistrationState.CONFIRMED]


def test_own_questions_are_answered_by_keyboard_and_faults_take_the_focus(
    app: Flask, guest: Page
) -> None:
    webinar = make_webinar("Housing")
    make_question(webinar, "First time?", kind=QuestionKind.YES_NO, is_required=True)
    make_question(webinar, "Part?", kind=QuestionKind.CHOICE, choices=["Law", "Tax"], position=2)
    guest.goto(f"/webinars/{webinar.id}/registrations/new")
    guest.get_by_label("Your name").fill("Housing officer")
    guest.get_by_label("Your e-mail address").fill(GUEST)
    guest.get_by_label("You may keep my name").check()
    guest.keyboard.press("Enter")

    expect(guest.locator(".error-summary")).to_be_focused()
    guest.get_by_role("link", name="The organisers need an answer to this.").press("Enter")
    guest.keyboard.press("Space")
    guest.get_by_label("Part?").select_option("Tax")
    guest.get_by_role("button", name="Register").press("Enter")

    expect(guest.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    assert answers_to(registrations()[0]) == {"First time?": "yes", "Part?": "Tax"}


def test_pages_of_places_fit_a_narrow_screen(
    app: Flask, browser_for: Open, browser_of: Open
) -> None:
    webinar = make_webinar("Housing", recording=Recording.ALL, needs_approval=True)
    row, transfer_token = _filled(webinar)
    narrow = {"viewport": {"width": 320, "height": 640}}
    visitor = browser_for(**narrow)
    organiser = browser_of(webinar.organisers[0].user, **narrow)
    own, desk = f"/registrations/{row.token}", f"/webinars/{webinar.id}"
    pages = [
        (visitor, f"{desk}-housing"), (visitor, own), (visitor, f"{own}/colleague"),
        (visitor, f"/seats/{transfer_token}"), (visitor, f"{own}/cancel"),
        (organiser, f"{desk}/registration-questions"), (organiser, f"{desk}/registrations"),
        (organiser, f"{desk}/registrations/{row.id}/end"),
    ]  # fmt: skip

    wide = [(path, width) for page, path in pages if (width := _width(page, path)) > 320]

    assert wide == []


def _filled(webinar: Webinar) -> tuple[Registration, str]:
    word = "Wohnungsbauförderungsgesetzgebungsverfahren" * 2
    question = make_question(webinar, word, kind=QuestionKind.CHOICE, choices=[word, "No"])
    row = make_registration(
        webinar, name=word, email=f"{'a' * 60}@demo.invalid", access_needs=word, reply_comment=word
    )
    make_registration(webinar, name=word, state=RegistrationState.PENDING_APPROVAL)
    make_answer(row, question, word)
    make_proposal(row, comment=word)
    return row, make_transfer(row, to_email=f"{'b' * 60}@demo.invalid").token


def _width(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer is not None
    assert (path, answer.status) == (path, 200)
    return int(page.evaluate("document.documentElement.scrollWidth"))


def registrations() -> list[Registration]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Registration)))
