"""The composer in a real browser: names by keyboard, quotations, drafts, no connection."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import write
from app.forum.models import Thread
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]

Open = Callable[..., Page]


@pytest.fixture
def person(app: Flask) -> User:
    return make_user("Human rights officer, Graz", make_city())


@pytest.fixture
def thread(person: User) -> Thread:
    make_city("Grenoble")
    ada = make_user("Grants adviser", handle="grants-adviser")
    thread = make_thread(make_topic(), ada)
    make_reply(thread, ada, "It was **the telephone** that helped.")
    return thread


@pytest.fixture
def page(app: Flask, thread: Thread, person: User, browser_for: Open) -> Page:
    """The thread, opened by somebody who is signed in."""
    page = browser_for()
    with write():
        sid = open_session(person, address="127.0.0.1")
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    values = {"_user_id": person.fs_uniquifier, "_fresh": True, "_permanent": True, "sid": sid}
    cookie = {"name": "session", "value": serializer.dumps(values)}
    page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])  # type: ignore[list-item]
    page.goto(f"/threads/{thread.id}")
    return page


def reply(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your reply")


def test_names_are_completed_by_keyboard(page: Page) -> None:
    text, names = reply(page), page.get_by_role("listbox", name="Names")
    options = names.get_by_role("option")

    text.press_sequentially("Ask @gr")
    expect(options).to_have_count(4)
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    chosen = options.nth(1).get_attribute("id")
    expect(text).to_have_attribute("aria-activedescendant", str(chosen))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(text).to_have_value("Ask @grants-adviser ")
    expect(names).to_be_hidden()

    text.press_sequentially("or @greno")
    expect(options).to_have_count(1)
    page.keyboard.press("Tab")
    expect(text).to_have_value("Ask @grants-adviser or @grenoble ")
    expect(text).to_be_focused()

    text.press_sequentially("#cov")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    text.press_sequentially("i")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(text).to_have_value(
        re.compile(r"\[Covid 19 responses\]\(/topics/covid-19-responses\) $")
    )
    page.keyboard.press("Tab")
    expect(text).not_to_be_focused()


def test_arrows_walk_the_toolbar_and_a_key_sends(page: Page) -> None:
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Link", exact=True)).to_be_focused()
    assert page.locator("[role=toolbar] button[tabindex='0']").count() == 1

    text = reply(page)
    text.fill("Sent by a key")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#post-3 .prose")).to_have_text("Sent by a key")
    expect(text).to_have_value("")
    expect(page.locator("[data-clash-box]")).to_have_count(0)


def test_selected_words_are_quoted(page: Page, thread: Thread) -> None:
    text = reply(page)
    text.fill("Before")
    select = "() => getSelection().selectAllChildren(document.querySelector('#post-2 strong'))"
    page.evaluate("document.activeElement.blur()")
    page.evaluate(select)

    page.keyboard.press("q")
    quoted = f"Before\n\n> the telephone\n>\n> [post 2](/threads/{thread.id}/2)\n\n"
    expect(text).to_have_value(quoted)
    expect(page.locator("[name=reply_to]")).to_have_value("2")
    expect(page.get_by_text("Answers post 2")).to_be_visible()

    page.evaluate("document.activeElement.blur()")
    page.evaluate(select)
    page.locator(".quote-here").click()
    expect(text).to_have_value(re.compile(r"post 2.*post 2", re.DOTALL))
    page.get_by_text("More: post 1").click()
    page.get_by_text("Quote: post 1").click()
    expect(page.locator("#post-1 details")).not_to_have_attribute("open", "")
    expect(text).to_have_value(re.compile(r"Our counters closed.*\[post 1\]", re.DOTALL))


def test_two_tabs_keep_both_texts(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    with page.expect_response("**/drafts"):
        reply(page).fill("From the first tab")
    with other.expect_response("**/drafts") as clash:
        reply(other).fill("From the second tab")

    assert clash.value.status == 409
    box = other.locator("[data-clash-box] textarea")
    expect(box).to_have_value("From the first tab")
    other.get_by_role("button", name="Use that text").click()
    expect(reply(other)).to_have_value("From the first tab")
    expect(box).to_have_value("From the second tab")
    other.get_by_role("button", name="Use that text").click()
    with other.expect_response("**/drafts") as kept:
        other.get_by_role("button", name="Keep mine").click()

    assert kept.value.status == 200
    page.reload()
    expect(reply(page)).to_have_value("From the second tab")


def test_without_a_connection_nothing_is_lost(page: Page) -> None:
    text = reply(page)
    page.context.set_offline(True)
    text.fill("Written in a tunnel")
    page.get_by_role("button", name="Post reply").click()
    status = page.locator("[data-draft-status]")
    expect(status).to_have_text("No connection. Your draft is safe on this device.")
    expect(status).to_have_class(re.compile("offline"))
    expect(text).to_have_value("Written in a tunnel")

    # The tab is closed; the device still has the text.
    fresh = page.context.new_page()
    page.close()
    fresh.context.set_offline(False)
    fresh.goto("/threads/1")
    expect(reply(fresh)).to_have_value("Written in a tunnel")
    expect(fresh.locator("[data-draft-status]")).to_contain_text("Draft saved at")
