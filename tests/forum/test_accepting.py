"""The accepted answer: who chooses it, that there is one, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.forum import signals
from app.forum.enums import EventKind, ThreadKind
from app.forum.models import Post, Thread, ThreadEvent
from app.topics.models import Topic
from tests.factories import make_steward, make_user
from tests.factories_forum import make_reply, make_thread, thread_page
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def asker(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def question(topic: Topic, asker: User) -> Thread:
    thread = make_thread(topic, asker, kind=ThreadKind.QUESTION)
    make_reply(thread, make_user(), "We kept one counter open.")
    make_reply(thread, make_user(), "We rang everybody up.")
    return thread


def post_at(thread: Thread, number: int) -> Post:
    found = select(Post).where(Post.thread_id == thread.id, Post.number == number)
    return db.session.scalars(found).one()


def events() -> list[tuple[str, int | None]]:
    found = db.session.scalars(select(ThreadEvent).order_by(ThreadEvent.id))
    return [(event.kind.value, event.details.get("number")) for event in found]


def test_asker_accepts_and_takes_back(client_for: SignIn, question: Thread, asker: User) -> None:
    browser = client_for(asker)
    path = f"/threads/{question.id}/posts/2"

    page = thread_page(browser, question)
    accepted = browser.post(f"{path}/accept")
    solved = browser.get(accepted.location).text
    menu = browser.get(f"{path}/menu").text
    taken_back = browser.post(f"{path}/unaccept")

    assert f'action="{path}/accept"' in page
    assert accepted.location.endswith("#post-2")
    assert "The question is marked as solved." in solved
    assert f'action="{path}/unaccept"' in menu
    assert taken_back.status_code == 302
    assert question.accepted_number is None
    assert events() == [("accepted", 2), ("unaccepted", 2)]


def test_another_answer_takes_the_place(client_for: SignIn, question: Thread, asker: User) -> None:
    heard: list[tuple[str, int]] = []

    def gained(post: Post, **_: object) -> None:
        heard.append(("gained", post.number))

    def lost(post: Post, **_: object) -> None:
        heard.append(("lost", post.number))

    browser = client_for(asker)
    with signals.answer_accepted.connected_to(gained), signals.answer_unaccepted.connected_to(lost):
        for number in (2, 3, 3):
            browser.post(f"/threads/{question.id}/posts/{number}/accept")

    assert question.accepted_number == 3
    assert heard == [("gained", 2), ("lost", 2), ("gained", 3)]
    assert events() == [("accepted", 2), ("accepted", 3)]


def test_only_the_asker_and_stewards_accept(
    client_for: SignIn, client: FlaskClient, question: Thread, topic: Topic
) -> None:
    steward = make_user()
    make_steward(topic, steward)
    path = f"/threads/{question.id}/posts/2/accept"

    assert client.post(path).status_code == 302
    assert question.accepted_number is None
    assert client_for(make_user()).post(path).status_code == 403
    assert client_for(make_user(approved_at=None)).post(path).status_code == 403
    assert client_for(steward).post(path).status_code == 302
    assert question.accepted_number == 2


def test_keeper_accepts_for_who_handed_over(client_for: SignIn, question: Thread) -> None:
    keeper = make_user()
    with write():
        question.keeper_id = keeper.id

    client_for(keeper).post(f"/threads/{question.id}/posts/2/accept")

    assert question.accepted_number == 2


def test_opening_post_is_no_answer(client_for: SignIn, question: Thread, asker: User) -> None:
    browser = client_for(asker)
    answer = browser.post(f"/threads/{question.id}/posts/1/accept")
    page = browser.get(answer.location).text

    assert "Only a reply to a question that can be read can be its accepted answer." in page
    assert question.accepted_number is None


def test_what_cannot_be_read_is_not_accepted(
    client_for: SignIn, question: Thread, asker: User
) -> None:
    with write():
        post_at(question, 2).hidden_at = utcnow()

    answer = client_for(asker).post(f"/threads/{question.id}/posts/2/accept")

    assert answer.status_code == 404


def test_discussions_have_no_answer(client_for: SignIn, topic: Topic, asker: User) -> None:
    thread = make_thread(topic, asker)
    make_reply(thread, make_user())

    answer = client_for(asker).post(f"/threads/{thread.id}/posts/2/accept")

    assert answer.status_code == 403


def test_two_accept_at_once(
    app: Flask, client_for: SignIn, question: Thread, asker: User, topic: Topic
) -> None:
    steward = make_user()
    make_steward(topic, steward)
    acts = [
        (client_for(asker), f"/threads/{question.id}/posts/2/accept", {}),
        (client_for(steward), f"/threads/{question.id}/posts/3/accept", {}),
    ]

    assert at_once(app, acts) == [302, 302]

    kinds = db.session.scalars(select(ThreadEvent.kind)).all()
    last = db.session.scalars(select(ThreadEvent).order_by(ThreadEvent.id.desc())).first()
    assert kinds == [EventKind.ACCEPTED] * 2
    assert last is not None
    assert question.accepted_number == last.details["number"]
    assert question.event_count == 2
