"""A guest and an organiser in one live hour: what one does the other sees by and by."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.accounts.models import User
from app.core.db import db, write
from app.polls.models import QuickPoll
from app.polls.writing import PollTexts
from app.polls.writing import write as write_poll
from app.questions.desk import change_desk
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.webinars.models import Registration, Webinar
from tests.browser.barriers import barriers
from tests.factories_live import make_desk, make_question
from tests.factories_registrations import make_registration
from tests.factories_webinars import ROOM, make_organiser, make_webinar

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]
WORDS = "Who pays for the night bus?"
POLL = "Where would you begin?"
SOON = 11_000  # milliseconds: a little longer than a page waits before it asks again


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def webinar(organiser: User) -> Webinar:
    """It began ten minutes ago; one poll is written."""
    made = make_webinar(starts_in=timedelta(minutes=-10), organiser=organiser)
    with write():
        write_poll(made, PollTexts(POLL, ["With children", "With the old"]), organiser)
    return made


@pytest.fixture
def place(webinar: Webinar) -> Registration:
    return make_registration(webinar, name="Night nurse", city_label="Bremen")


def guest_at(page: Page, place: Registration) -> Page:
    """The guest's personal link; their clock is ours to move."""
    page.clock.install()
    page.goto(f"/webinars/{place.webinar_id}/join?t={place.token}")
    return page


def later(page: Page) -> None:
    """The next ten seconds pass at once; what was asked for then is answered soon after."""
    page.clock.run_for(SOON)


def place_of(field: Locator) -> float:
    """How far below the upper edge of the window it stands."""
    box = field.bounding_box()
    assert box
    return box["y"]


def press(desk: Page, act: str) -> None:
    """A button of the question on the moderator's screen."""
    desk.get_by_role("button", name=re.compile(f"^{act} ?: {re.escape(WORDS)}")).click()


def ask(page: Page) -> None:
    page.get_by_role("textbox", name="Your question").fill(WORDS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#live-questions")).to_contain_text(WORDS)


def test_what_an_organiser_does_a_guest_sees_without_loading_again(
    browser_for: Open, browser_of: Open, organiser: User, webinar: Webinar, place: Registration
) -> None:
    guest, desk = guest_at(browser_for(), place), browser_of(organiser)
    ask(guest)
    desk.goto(f"/webinars/{webinar.id}/moderate")
    questions = guest.locator("#live-questions")
    loads: list[str] = []
    guest.on("framenavigated", lambda frame: loads.append(frame.url))

    press(desk, "Answering now")
    later(guest)
    expect(questions).to_contain_text("Being answered now")
    press(desk, "Answered")
    later(guest)
    expect(questions).to_contain_text("Answered in minute")
    desk.get_by_role("button", name=f"Open it {POLL}").click()
    later(guest)
    expect(guest.get_by_role("group", name="Choose one answer.")).to_be_visible()

    assert loads == []
    assert ROOM not in guest.content()


def test_a_guest_votes_by_keyboard_alone(
    browser_for: Open, browser_of: Open, organiser: User, webinar: Webinar, place: Registration
) -> None:
    desk = browser_of(organiser)
    desk.goto(f"/webinars/{webinar.id}/moderate")
    desk.get_by_role("button", name=f"Open it {POLL}").click()
    guest = guest_at(browser_for(), place)

    first = guest.get_by_role("radio", name="With children")
    for _step in range(60):
        guest.keyboard.press("Tab")
        if first.evaluate("one => one === document.activeElement"):
            break
    guest.keyboard.press("Space")
    guest.keyboard.press("ArrowDown")
    later(guest)
    expect(guest.get_by_role("radio", name="With the old")).to_be_focused()
    guest.keyboard.press("Tab")
    guest.keyboard.press("Enter")
    expect(guest.locator("#live-polls")).to_contain_text("Your vote counts.")

    db.session.rollback()
    (poll,) = db.session.query(QuickPoll)
    assert [option.votes for option in poll.options] == [0, 1]


def test_nothing_moves_under_whoever_types(
    browser_for: Open, browser_of: Open, organiser: User, webinar: Webinar, place: Registration
) -> None:
    guest = guest_at(browser_for(viewport={"width": 800, "height": 500}), place)
    field = guest.get_by_role("textbox", name="Your question")
    field.scroll_into_view_if_needed()
    field.press_sequentially("Half a thought")
    before = place_of(field)
    desk = browser_of(organiser)
    desk.goto(f"/webinars/{webinar.id}/moderate")
    desk.get_by_role("button", name=f"Open it {POLL}").click()

    later(guest)
    expect(guest.locator("#live-polls")).to_contain_text(POLL)

    expect(field).to_be_focused()
    expect(field).to_have_value("Half a thought")
    assert abs(place_of(field) - before) < 1


def test_form_goes_when_questions_are_closed_and_leaves_nobody_half_way(
    browser_for: Open, organiser: User, webinar: Webinar, place: Registration
) -> None:
    idle, writer = (guest_at(browser_for(), place) for _ in range(2))
    fields = [page.get_by_role("textbox", name="Your question") for page in (idle, writer)]
    fields[1].fill("Half a thought")

    for is_closed in (True, False):
        with write():
            change_desk(webinar.id, organiser, is_closed=is_closed)
        later(idle)
        later(writer)
        expect(fields[0]).to_have_count(0 if is_closed else 1)
        expect(fields[1]).to_have_value("Half a thought")


def test_what_waits_for_moderators_is_said_without_barriers(
    browser_for: Open, webinar: Webinar, place: Registration
) -> None:
    make_desk(webinar, is_moderated=True)
    for words in (WORDS, "n" * 80):
        make_question(webinar, registration=place, body=words, state=QuestionState.WAITING)
    guest = browser_for(reduced_motion="reduce")  # colours are measured, not their change

    found = list(barriers(guest, f"/webinars/{webinar.id}/join?t={place.token}"))
    waiting = guest.get_by_role("region", name="Your 2 questions wait for the moderators")

    expect(waiting.get_by_role("listitem")).to_have_count(2)
    assert found == []


def test_without_scripts_plain_forms_do_the_same(
    browser_for: Open, browser_of: Open, organiser: User, webinar: Webinar, place: Registration
) -> None:
    guest = browser_for(java_script_enabled=False)
    guest.goto(f"/webinars/{webinar.id}/join?t={place.token}")
    desk = browser_of(organiser, java_script_enabled=False)
    ask(guest)
    desk.goto(f"/webinars/{webinar.id}/moderate")
    press(desk, "Answered")
    desk.get_by_role("button", name=f"Open it {POLL}").click()

    guest.get_by_role("link", name="Show what is new").click()
    expect(guest.locator("#live-questions")).to_contain_text("Answered in minute")
    guest.get_by_role("radio", name="With the old").check()
    guest.get_by_role("button", name="Vote", exact=True).click()
    expect(guest.locator("#live-polls")).to_contain_text("Your vote counts.")
    guest.context.route(f"{ROOM}*", lambda route: route.fulfill(body="The room"))
    with guest.context.expect_page() as opened:
        guest.get_by_role("button", name="Join", exact=True).click()
    expect(opened.value).to_have_url(ROOM)

    db.session.rollback()
    assert db.session.query(Question).one().answered_minute is not None
