"""Scenarios of spec/forum 5.17 about looking after threads."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.models import Thread
from app.forum.queries import where_it_went
from app.forum.reading import mark_read
from app.forum.showing import thread_for
from app.topics.models import Topic
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.forum.curated import bodies, landed, merge, move, nothing_is_miscounted, split

SignIn = Callable[[User], FlaskClient]


def read_to(person: User, thread: Thread, number: int) -> None:
    with write():
        mark_read(person.id, thread.id, number)


def unread_of(person: User, thread: Thread) -> int:
    db.session.rollback()
    shown = thread_for(person, thread.id)
    assert shown is not None
    return shown.reading.unread_count


def where(thread: Thread, number: int) -> tuple[int, int] | None:
    db.session.rollback()
    post = where_it_went(None, thread.id, number)
    return (post.thread_id, post.number) if post else None


def test_19_split_and_merge_keep_permalinks_and_unread(
    client_for: SignIn, topic: Topic, author: User, member: User, steward: User
) -> None:
    """A third person has read part of all of it and never misses or reads twice."""
    first, second = make_thread(topic, author), make_thread(topic, author, "The thread that stays")
    for number in range(2, 7):
        make_reply(first, member, f"First {number}", reply_to=number - 1)
    make_reply(second, member, "Second 2")
    third = make_user("Mobility planner")
    read_to(third, first, 4)
    read_to(third, second, 2)
    old = bodies(first)

    apart = split(first, [3, 4, 5], steward)
    assert [unread_of(third, one) for one in (first, apart, second)] == [1, 1, 0]
    merge(apart, second, steward)
    assert [unread_of(third, one) for one in (first, second)] == [1, 1]
    elsewhere = make_topic("elsewhere")
    move(second, elsewhere, steward)
    assert [unread_of(third, one) for one in (first, second)] == [1, 1]

    assert {number: where(first, number) for number in old} == {
        1: (first.id, 1),
        2: (first.id, 2),
        3: (second.id, 3),
        4: (second.id, 4),
        5: (second.id, 5),
        6: (first.id, 6),
    }
    assert [where(apart, number) for number in (1, 2, 3)] == [
        (second.id, 3),
        (second.id, 4),
        (second.id, 5),
    ]
    assert [bodies(second)[number] for number in (3, 4, 5)] == [old[number] for number in (3, 4, 5)]
    assert where(first, 7) is None
    browser = client_for(third)
    page = browser.get(f"/threads/{first.id}/5")
    assert page.location.endswith("/threads/2-the-thread-that-stays#post-5")
    assert "First 5" in landed(browser, page)
    assert nothing_is_miscounted()


def test_16_permalinks_of_moved_posts_are_missing_for_those_who_cannot_read_them(
    client: FlaskClient, topic: Topic, author: User, steward: User
) -> None:
    thread, other = make_thread(topic, author), make_thread(topic, author)
    make_reply(thread, author)
    apart, hidden = split(thread, [2], steward), make_topic("x", visibility=Visibility.HIDDEN)
    with write():
        apart.topic_id = hidden.id

    assert client.get(f"/threads/{thread.id}/2").status_code == 404
    assert client.get(f"/threads/{other.id}/9").status_code == 404
