"""A draft whose way to the server is bad: it arrives in the end, and clashes with no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect

from app.accounts.models import User
from app.accounts.queries import draft_for
from app.core.db import db
from app.forum.models import Thread
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

HOUR_MS = 60 * 60 * 1000


@pytest.fixture
def person(app: Flask) -> User:
    return make_user("Human rights officer, Graz", make_city())


@pytest.fixture
def thread(person: User) -> Thread:
    return make_thread(make_topic(), person)


@pytest.fixture
def page(thread: Thread, person: User, browser_of: Callable[..., Page]) -> Page:
    """The thread, opened by somebody who is signed in, with a clock that the test moves."""
    page = browser_of(person)
    page.clock.install()
    page.goto(f"/threads/{thread.id}")
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    return page


def reply(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your reply")


def status(page: Page) -> Locator:
    return page.locator("[data-draft-status]")


def kept(person: User, thread: Thread) -> str:
    db.session.rollback()
    draft = draft_for(person, f"reply:{thread.id}")
    return draft.fields["body"] if draft else ""


def is_lost(route: Route) -> None:
    route.abort("internetdisconnected")


def held_up(page: Page) -> list[Route]:
    """The next save, on its way until the test lets it go on."""
    slow: list[Route] = []

    def hold(route: Route) -> None:
        slow.append(route)

    page.route("**/drafts", hold, times=1)
    return slow


def is_too_much_at_once(route: Route) -> None:
    route.fulfill(status=429)


@pytest.mark.parametrize("fail", [is_lost, is_too_much_at_once])
def test_a_save_that_failed_is_tried_again_without_a_key(
    page: Page, person: User, thread: Thread, fail: Callable[[Route], None]
) -> None:
    page.route("**/drafts", fail, times=3)
    reply(page).fill("Written once")
    page.clock.run_for(2000)
    expect(status(page)).to_contain_text("No connection.")

    page.clock.resume()
    for _second in range(60):
        page.clock.fast_forward(10_000)
        if "Draft saved" in status(page).inner_text():
            break

    expect(status(page)).to_contain_text("Draft saved at")
    assert kept(person, thread) == "Written once"


def test_a_text_that_came_back_with_its_page_is_tried_again(
    page: Page, person: User, thread: Thread
) -> None:
    page.route("**/drafts", is_lost)
    reply(page).fill("Written in a tunnel")
    page.clock.run_for(2000)
    expect(status(page)).to_contain_text("No connection.")
    page.unroute("**/drafts")
    page.route("**/drafts", is_lost, times=1)

    page.reload()
    expect(reply(page)).to_have_value("Written in a tunnel")
    page.clock.run_for(2000)
    expect(status(page)).to_contain_text("No connection.")
    page.clock.run_for(60_000)

    expect(status(page)).to_contain_text("Draft saved at")
    assert kept(person, thread) == "Written in a tunnel"


def test_what_the_server_refuses_is_not_sent_again(page: Page) -> None:
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        refused.append(route)
        route.fulfill(status=413)

    page.route("**/drafts", refuse)
    reply(page).fill("More than it takes")
    page.clock.run_for(2000)
    expect(status(page)).to_contain_text("Your draft is safe on this device.")
    page.clock.run_for(HOUR_MS)

    assert len(refused) == 1


def test_who_types_on_while_a_save_is_on_its_way_does_not_clash_with_herself(
    page: Page, person: User, thread: Thread
) -> None:
    slow = held_up(page)
    with page.expect_request("**/drafts"):
        reply(page).fill("One")
        page.clock.run_for(2000)
    reply(page).press_sequentially(", two")
    page.clock.run_for(2000)

    with page.expect_response("**/drafts"):
        slow[0].continue_()
    with page.expect_response(lambda answer: "two" in (answer.request.post_data or "")) as second:
        page.clock.run_for(1)

    assert second.value.status == 200
    expect(status(page)).to_contain_text("Draft saved at")
    expect(page.locator("[data-clash-box]")).to_have_count(0)
    assert kept(person, thread) == "One, two"


def test_what_was_typed_during_a_save_that_fails_is_on_the_device(page: Page) -> None:
    slow = held_up(page)
    with page.expect_request("**/drafts"):
        reply(page).fill("One")
        page.clock.run_for(2000)
    reply(page).press_sequentially(", two")

    slow[0].abort("internetdisconnected")
    expect(status(page)).to_contain_text("No connection.")
    page.reload()

    expect(reply(page)).to_have_value("One, two")
