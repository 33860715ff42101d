"""Addresses of single posts and of merged threads lead to where things stand now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.models import Post, PostRedirect, Thread
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

SLUG = "who-answers-when-counters-are-closed"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def thread(author: User) -> Thread:
    return make_thread(make_topic(), author)


def move(post: Post, target: Thread, number: int) -> None:
    """As moving posts leaves them, with the address they had."""
    with write() as session:
        moved = session.get_one(Post, post.id)
        session.add(PostRedirect(thread_id=moved.thread_id, number=moved.number, post_id=moved.id))
        moved.thread_id, moved.number = target.id, number
        session.get_one(Thread, target.id).last_number = number


def test_permalink_leads_to_page_and_post(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    make_replies(thread, author, 45)

    first, later = (client.get(f"/threads/{thread.id}/{number}") for number in (7, 31))

    assert (first.status_code, first.location) == (302, f"/threads/{thread.id}-{SLUG}#post-7")
    assert later.location == f"/threads/{thread.id}-{SLUG}?page=2#post-31"


def test_permalink_follows_a_post_through_two_moves(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    post = make_reply(thread, author)
    second = make_thread(thread.topic, author, title="Second thread of them")
    third = make_thread(thread.topic, author, title="Third thread of them")
    move(post, second, 2)
    move(post, third, 9)

    answers = [client.get(f"/threads/{one.id}/2") for one in (thread, second)]

    assert [answer.location for answer in answers] == [
        f"/threads/{third.id}-third-thread-of-them#post-9"
    ] * 2


@pytest.mark.parametrize("gone", ["hidden_at", "deleted_at"])
def test_permalink_of_a_removed_post_leads_to_its_place(
    client: FlaskClient, thread: Thread, author: User, gone: str
) -> None:
    post = make_reply(thread, author)
    with write():
        setattr(db.session.get_one(Post, post.id), gone, utcnow())

    assert client.get(f"/threads/{thread.id}/2").location == f"/threads/{thread.id}-{SLUG}#post-2"


@pytest.mark.parametrize("number", ["0", "3", "2147483647", "99999999999", "-1", "x"])
def test_numbers_that_never_were_are_not_found(
    client: FlaskClient, thread: Thread, number: str
) -> None:
    make_reply(thread, db.session.get_one(User, thread.author_id))

    assert client.get(f"/threads/{thread.id}/{number}").status_code == 404


def test_permalink_never_leads_into_a_hidden_thread(
    client: FlaskClient, client_for: SignIn, thread: Thread, author: User
) -> None:
    group = make_group(author)
    inside = make_topic("inside", [group], visibility=Visibility.HIDDEN)
    closed = make_thread(inside, author, title="Only for the group")
    post = make_reply(thread, author)
    move(post, closed, 5)

    answers = [
        browser.get(f"/threads/{thread.id}/2")
        for browser in (client, client_for(make_user()), client_for(author))
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 302]
    assert "Only for the group" not in answers[0].text + answers[1].text
    assert client.get(f"/threads/{closed.id}/1").status_code == 404


def merge(thread: Thread, into: Thread) -> None:
    with write():
        db.session.get_one(Thread, thread.id).merged_into_id = into.id


def test_merged_threads_lead_on_for_good(client: FlaskClient, thread: Thread, author: User) -> None:
    second = make_thread(thread.topic, author, title="Second thread of them")
    third = make_thread(thread.topic, author, title="Third thread of them")
    merge(thread, second)
    merge(second, third)

    answers = [client.get(f"/threads/{thread.id}{tail}") for tail in ("", f"-{SLUG}", "-x?page=3")]

    assert [(answer.status_code, answer.location) for answer in answers] == [
        (301, f"/threads/{third.id}-third-thread-of-them")
    ] * 3


def test_merged_into_a_hidden_thread_is_not_found(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    inside = make_topic("inside", [make_group(author)], visibility=Visibility.HIDDEN)
    merge(thread, make_thread(inside, author))

    assert client.get(f"/threads/{thread.id}").status_code == 404


def test_threads_merged_in_a_circle_are_not_found(
    client: FlaskClient, thread: Thread, author: User
) -> None:
    second = make_thread(thread.topic, author, title="Second thread of them")
    merge(thread, second)
    merge(second, thread)

    assert client.get(f"/threads/{thread.id}").status_code == 404
