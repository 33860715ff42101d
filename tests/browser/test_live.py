"""An open thread in a real browser: what is new appears, what is read stays where it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.models import Thread
from app.forum.reader_models import ThreadRead
from tests.factories import make_city, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

pytestmark = [pytest.mark.browser, pytest.mark.any_engine]


@pytest.fixture
def person(app: Flask) -> Iterator[User]:
    app.config["POLL_SECONDS"] = 1
    yield make_user("Human rights officer, Graz", make_city())
    app.config["POLL_SECONDS"] = 60


@pytest.fixture
def thread(person: User) -> Thread:
    thread = make_thread(make_topic(), make_user("Grants adviser"))
    make_replies(thread, make_user("Coordinator"), 5)
    return thread


@pytest.fixture
def page(app: Flask, thread: Thread, person: User, browser_for: Callable[..., Page]) -> Page:
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


def test_replies_of_others_appear_when_asked_for(page: Page, thread: Thread, person: User) -> None:
    place = page.locator("#post-3")
    place.scroll_into_view_if_needed()
    before = place.bounding_box()
    make_reply(thread, make_user("Adviser"), "It came while you read.")

    news = page.get_by_role("link", name="1 new reply")
    expect(news).to_be_visible()
    untouched = place.bounding_box()
    expect(page.locator("article.post")).to_have_count(6)
    news.click()

    expect(page.locator("#post-7")).to_be_focused()
    expect(page.locator("#post-7")).to_contain_text("It came while you read.")
    expect(news).to_have_count(0)
    db.session.rollback()
    assert untouched == before
    assert db.session.get_one(ThreadRead, (person.id, thread.id)).last_read == 7


def test_a_thread_that_closes_says_so_calmly(page: Page, thread: Thread) -> None:
    with write():
        db.session.get_one(Thread, thread.id).visibility = Visibility.HIDDEN

    expect(page.locator("[data-status]")).to_contain_text("This page is no longer kept up to date.")


def test_keys_walk_through_the_posts(page: Page) -> None:
    for key, post in [("j", "post-1"), ("j", "post-2"), ("k", "post-1")]:
        page.keyboard.press(key)
        expect(page.locator(f"#{post}")).to_be_focused()
    page.keyboard.press("r")

    expect(page.get_by_role("textbox", name="Your reply")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/threads/\d+-"))
