"""All that may be done to posts: hidden is 404 for whoever asks, odd input is never a failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.enums import ThreadKind
from app.forum.models import Thread
from tests.factories import make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
FORMS = ["overview", "deadline", "consolidated-reply", "posts/2/edit", "posts/2/bookmark"]
PAGES = [*FORMS, "posts/2/menu", "overview/history", "posts/2/history"]
ACTS = [
    *FORMS,
    "restore",
    "posts/2/accept",
    "posts/2/unaccept",
    "posts/2/addenda",
    "posts/2/bookmark/delete",
    "posts/2/delete",
    "posts/2/responses",
    "posts/2/restore",
    "posts/2/revisions/1/erase",
    "posts/2/revisions/1/hide",
    "posts/2/revisions/1/unhide",
    "posts/2/wiki",
]
ODD = [
    b"",
    b"body=%00%07&note=%00&answers_by=%00&kind=%00&open=%00&based_on=%00&reason=%00",
    b"body=" + b"x" * 10_000 + b"&note=" + b"x" * 10_000,
    b"body=%ff%fe%c3&note=%c3&answers_by=%ff&remind_on=%ff&remind_hour=%ff&language=%ff",
    b"body=" + "שלום \u202e \N{FAMILY}".encode() * 40 + b"&language=he&based_on=0&kind=helpful",
    b"body=one+text&body=two+texts&based_on=1&based_on=2&answers_by=0&remind_on=9999-12-31",
    b"answers_by=9999-12-31&language=en&body=A+text.&remind_on=0001-01-01&remind_hour=0000",
]


@pytest.fixture
def steward(app: Flask) -> User:
    return make_user()


@pytest.fixture
def thread(steward: User) -> Thread:
    """A question whose time is up, where one person may do nearly everything."""
    topic = make_topic()
    make_steward(topic, steward)
    thread = make_thread(topic, steward, kind=ThreadKind.QUESTION)
    make_reply(thread, make_user())
    with write():
        thread.answers_by = utcnow() - timedelta(days=1)
    return thread


def test_hidden_is_not_there(client_for: SignIn, client: FlaskClient, thread: Thread) -> None:
    with write():
        thread.topic.visibility = Visibility.CLOSED
    stranger = client_for(make_user())

    pages = {stranger.get(f"/threads/{thread.id}/{path}").status_code for path in PAGES}
    typed = {"kind": "helpful", "body": "Some text.", "language": "en"}
    acts = {stranger.post(f"/threads/{thread.id}/{path}", data=typed).status_code for path in ACTS}
    visitor = {client.get(f"/threads/{thread.id}/{path}").status_code for path in PAGES[-2:]}

    assert (pages, acts, visitor) == ({404}, {404}, {404})


@pytest.mark.parametrize("body", ODD, ids=range(len(ODD)))
def test_odd_input_is_no_failure(
    client_for: SignIn, thread: Thread, steward: User, body: bytes
) -> None:
    browser = client_for(steward)
    kind = "application/x-www-form-urlencoded"

    answers = {
        path: browser.post(f"/threads/{thread.id}/{path}", data=body, content_type=kind)
        for path in ACTS
    }

    failed = {path for path, answer in answers.items() if answer.status_code >= 500}
    assert failed == set()
    db.session.refresh(thread)


def test_huge_body_is_refused(client_for: SignIn, thread: Thread, steward: User) -> None:
    browser = client_for(steward)

    answers = {
        browser.post(f"/threads/{thread.id}/{path}", data={"body": "x" * 1_100_000}).status_code
        for path in ("overview", "posts/1/edit", "posts/2/accept")
    }

    assert max(answers) < 500
    assert min(answers) >= 302
