"""Texts that are no replies: a draft brings them back, an ended session does not swallow them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.drafting import save_draft
from app.accounts.models import Draft, User
from app.core.db import db, write
from app.forum.editing import version_of
from app.forum.models import Post, Thread
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

SignIn = Callable[[User], FlaskClient]
TEXT = "Half a correction of the whole."


@pytest.fixture
def author(app: Flask) -> User:
    return make_user()


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


def draft(author: User, context: str, **fields: str) -> None:
    with write():
        save_draft(author, context, {"body": TEXT, "language": "en", **fields}, 0)


@pytest.mark.parametrize(
    "path", ["posts/1/edit", "posts/1/addenda", "overview", "consolidated-reply"]
)
def test_ended_session_gives_the_text_back(client: FlaskClient, thread: Thread, path: str) -> None:
    answer = client.post(f"/threads/{thread.id}/{path}", data={"body": TEXT})

    assert answer.status_code == 401
    assert f"{TEXT}</textarea>" in answer.text


def test_visitor_is_asked_to_sign_in_first(client: FlaskClient, thread: Thread) -> None:
    for path in ("posts/1/edit", "overview", "consolidated-reply"):
        assert client.get(f"/threads/{thread.id}/{path}").status_code == 302


def test_draft_of_an_edit_goes_on_from_its_beginning(
    client_for: SignIn, thread: Thread, author: User
) -> None:
    post = db.session.scalars(select(Post)).one()
    context, path = f"edit:{thread.id}:1", f"/threads/{thread.id}/posts/1/edit"
    draft(author, context, based_on=version_of(post), reason="Shorter")
    browser = client_for(author)

    form = browser.get(path).text
    typed = {"body": TEXT, "language": "en", "based_on": version_of(post), "draft_sequence": "1"}
    browser.post(path, data=typed)

    assert f"{TEXT}</textarea>" in form
    assert 'value="Shorter"' in form
    assert post.body == TEXT
    assert db.session.scalars(select(Draft)).all() == []


def test_draft_of_an_overview(client_for: SignIn, thread: Thread, author: User) -> None:
    draft(author, f"overview:{thread.id}", based_on="0")
    browser = client_for(author)
    path = f"/threads/{thread.id}/overview"

    form = browser.get(path).text
    browser.post(path, data={"body": TEXT, "language": "en", "based_on": "0"})

    assert f"{TEXT}</textarea>" in form
    assert db.session.scalars(select(Draft)).all() == []
