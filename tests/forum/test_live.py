"""An open page asks what is new: cheap, quiet, and it marks nothing as read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.forum.models import Post, Thread
from app.forum.reader_models import ThreadRead
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import fill_thread, make_replies, make_reply, make_thread

SLUG = "who-answers-when-counters-are-closed"
Counter = Callable[[], AbstractContextManager[list[str]]]
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


def asked(page: str) -> tuple[str, str]:
    """Where a page asks, and with which tag."""
    region = page.partition('<div class="live"')[2].partition(">")[0]
    address = region.partition('data-live-url="')[2].partition('"')[0]
    return address, region.partition('data-live-tag="')[2].partition('"')[0]


def test_nothing_new_is_a_short_answer(
    client: FlaskClient, client_for: SignIn, thread: Thread, count_statements: Counter
) -> None:
    fill_thread(thread, db.session.get_one(User, thread.author_id), 300)
    browser = client_for(make_user())
    address, tag = asked(browser.get(f"/threads/{thread.id}-{SLUG}").text)

    with count_statements() as statements:
        answer = browser.get(address, headers={"If-None-Match": f'"{tag}"'})

    assert (answer.status_code, answer.data) == (304, b"")
    assert len(statements) == 2
    assert client.get(address, headers={"If-None-Match": f'W/"{tag}"'}).status_code == 304


def test_new_replies_are_counted_and_lead_to_the_first(
    client_for: SignIn, thread: Thread, author: User, count_statements: Counter
) -> None:
    make_replies(thread, author, 19)
    browser = client_for(make_user())
    address, tag = asked(browser.get(f"/threads/{thread.id}-{SLUG}").text)
    make_replies(thread, author, 7)

    with count_statements() as statements:
        answer = browser.get(address, headers={"If-None-Match": f'"{tag}"'})

    assert answer.status_code == 200
    assert f'href="/threads/{thread.id}-{SLUG}?page=2#post-21"' in answer.text
    assert "7 new replies" in answer.text
    assert answer.headers["ETag"] != f'"{tag}"'
    assert len(statements) == 3


def test_asking_reads_nothing(client_for: SignIn, thread: Thread, author: User) -> None:
    reader = make_user()
    browser = client_for(reader)
    address, _tag = asked(browser.get(f"/threads/{thread.id}-{SLUG}").text)
    make_reply(thread, author)
    kept = sa.select(ThreadRead.last_read).where(ThreadRead.user_id == reader.id)

    browser.get(address)
    asked_only = db.session.scalar(kept)
    browser.get(f"/threads/{thread.id}-{SLUG}")

    assert (asked_only, db.session.scalar(kept)) == (1, 2)


def test_own_and_removed_replies_are_no_news(
    client_for: SignIn, thread: Thread, author: User
) -> None:
    browser = client_for(author)
    address, _tag = asked(browser.get(f"/threads/{thread.id}-{SLUG}").text)
    make_reply(thread, author)
    gone = make_reply(thread, make_user("Coordinator"))
    with write():
        db.session.get_one(Post, gone.id).hidden_at = utcnow()

    answer = browser.get(address)

    assert (answer.status_code, answer.text) == (200, "")


def test_hidden_threads_answer_nobody(client: FlaskClient, author: User) -> None:
    inside = make_topic("inside", [make_group(author)], visibility=Visibility.CLOSED)
    thread = make_thread(inside, author)
    tag = f'"{thread.id}.{thread.revision}.{thread.last_number}"'

    answer = client.get(f"/threads/{thread.id}/live?after=1", headers={"If-None-Match": tag})

    assert answer.status_code == 404


@pytest.mark.parametrize("after", ["", "x", "-1", "²", "9" * 30])
def test_odd_questions_are_refused(client: FlaskClient, thread: Thread, after: str) -> None:
    answer = client.get(f"/threads/{thread.id}/live", query_string={"after": after})

    assert answer.status_code == 400


def test_news_of_a_chatham_thread_name_nobody(client_for: SignIn, author: User) -> None:
    thread = make_thread(make_topic("other"), author, attribution=Attribution.CHATHAM_HOUSE)
    make_reply(thread, author)

    page = client_for(make_user()).get(f"/threads/{thread.id}/live?after=1").text

    assert "1 new reply" in page
    assert ("Human rights officer" in page, "Graz" in page) == (False, False)


def test_the_pause_comes_from_the_installation(
    app: Flask, client: FlaskClient, thread: Thread
) -> None:
    assert app.config["POLL_SECONDS"] == 60
    assert '<body data-live-seconds="60"' in client.get(f"/threads/{thread.id}-{SLUG}").text
