"""Two people at the same posts at the same moment, where one act takes away what the other needs.

What `tests/forum` tries with two of the same kind (two edits, accepts, splits, overviews) is not
repeated here. Whoever is first, the counters tell what is there and nothing points to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.forum.editing import version_of
from app.forum.enums import ThreadKind
from app.forum.models import Post, PostRevision, Thread
from app.forum.queries import where_it_went
from app.forum.reader_models import Bookmark, PostResponse, ThreadRead
from app.forum.reading import mark_read
from app.topics.models import Topic
from tests.factories import make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread
from tests.forum.naive import Look, is_readable
from tests.hostile.test_together import at_once, count

SignIn = Callable[[User], FlaskClient]
REPLY = {"body": "We kept one counter open.", "language": "en"}


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


@pytest.fixture
def steward(topic: Topic) -> User:
    person = make_user("Network coordinator")
    make_steward(topic, person)
    return person


@pytest.fixture
def asker(app: Flask) -> User:
    return make_user("Human rights officer")


@pytest.fixture
def writer(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def guest(app: Flask) -> User:
    """Somebody who has written nothing a moment ago."""
    return make_user("Cycling officer")


@pytest.fixture
def question(topic: Topic, asker: User, writer: User) -> Thread:
    """With two answers, numbers 2 and 3."""
    thread = make_thread(topic, asker, kind=ThreadKind.QUESTION)
    make_replies(thread, writer, 2)
    return thread


def everything_adds_up() -> bool:
    look = Look()
    for thread in look.threads.values():
        counted = look.counters(thread)
        assert {name: getattr(thread, name) for name in counted} == counted, thread.id
        readable = [post.number for post in look.in_thread[thread.id] if is_readable(post)]
        assert thread.accepted_number in {None, *readable}, thread.id
        assert thread.last_number >= max(readable, default=0), thread.id
    for post in look.posts.values():
        assert post.response_count == look.responses[post.id], post.id
    return True


def post_at(thread: Thread, number: int) -> Post:
    found = select(Post).where(Post.thread_id == thread.id, Post.number == number)
    return db.session.scalars(found).one()


def test_author_and_steward_edit_the_same_post(
    app: Flask, client_for: SignIn, question: Thread, writer: User, steward: User
) -> None:
    path, post = f"/threads/{question.id}/posts/2/edit", post_at(question, 2)
    typed = {"language": "en", "based_on": version_of(post), "reason": "Clearer now"}
    texts = {"author": "What its author meant.", "steward": "What the steward meant."}
    acts = [
        (client_for(writer), path, typed | {"body": texts["author"]}),
        (client_for(steward), path, typed | {"body": texts["steward"]}),
    ]

    assert at_once(app, acts) == [302, 409]

    assert post_at(question, 2).body in texts.values()
    assert count(PostRevision, PostRevision.post_id == post.id) <= 1
    assert everything_adds_up()


@pytest.mark.parametrize(
    ("act", "typed"),
    [
        ("posts/2/delete", {}),
        ("posts/2/hide", {"reason": "Personal data"}),
        ("split", {"title": "A thread of its own", "posts": "2"}),
    ],
)
def test_accepting_what_goes_away(
    app: Flask,
    client_for: SignIn,
    question: Thread,
    asker: User,
    writer: User,
    steward: User,
    act: str,
    typed: dict[str, Any],
) -> None:
    """Nobody's question is solved by a post that its readers do not find there."""
    path = f"/threads/{question.id}"
    acts = [
        (client_for(asker), f"{path}/posts/2/accept", {}),
        (client_for(writer if "delete" in act else steward), f"{path}/{act}", typed),
    ]

    statuses = at_once(app, acts)

    assert statuses in ([302, 302], [302, 404])
    db.session.refresh(question)
    assert question.accepted_number is None
    assert everything_adds_up()


def test_replying_to_what_its_author_removes(
    app: Flask, client_for: SignIn, question: Thread, guest: User, writer: User
) -> None:
    path = f"/threads/{question.id}/posts"
    acts = [
        (client_for(writer), f"{path}/3/delete", {}),
        (client_for(guest), path, REPLY | {"reply_to": "3"}),
    ]

    assert at_once(app, acts) == [302, 302]

    assert post_at(question, 4).body == REPLY["body"]
    assert everything_adds_up()


def test_replying_while_the_thread_is_removed(
    app: Flask, client_for: SignIn, topic: Topic, asker: User, guest: User
) -> None:
    """Either the reply came first and the thread stays, or nothing is written into nowhere."""
    thread = make_thread(topic, asker)
    path = f"/threads/{thread.id}/posts"
    acts = [(client_for(asker), f"{path}/1/delete", {}), (client_for(guest), path, REPLY)]

    at_once(app, acts)

    db.session.refresh(thread)
    assert (count(Post), thread.deleted_at is None) in [(2, True), (1, False)]
    assert everything_adds_up()


def test_locking_while_somebody_replies(
    app: Flask, client_for: SignIn, question: Thread, guest: User, steward: User
) -> None:
    path = f"/threads/{question.id}"
    acts = [(client_for(steward), f"{path}/lock", {}), (client_for(guest), f"{path}/posts", REPLY)]

    statuses = at_once(app, acts)

    assert statuses in ([302, 302], [302, 403])
    assert count(Post) == (4 if statuses == [302, 302] else 3)
    assert everything_adds_up()


def test_moving_while_it_is_split(
    app: Flask, client_for: SignIn, question: Thread, steward: User
) -> None:
    make_topic("elsewhere")
    path = f"/threads/{question.id}"
    acts = [
        (client_for(steward), f"{path}/move", {"topic": "elsewhere"}),
        (client_for(steward), f"{path}/split", {"title": "A thread of its own", "posts": "2"}),
    ]

    statuses = at_once(app, acts)

    assert statuses in ([302, 302], [302, 403])
    assert everything_adds_up()


def test_three_threads_merged_in_a_circle(
    app: Flask, client_for: SignIn, topic: Topic, asker: User, steward: User
) -> None:
    threads = [make_thread(topic, asker) for _ in range(3)]
    acts = [
        (client_for(steward), f"/threads/{one.id}/merge", {"target": str(other.id)})
        for one, other in pairwise([*threads, threads[0]])
    ]

    statuses = at_once(app, acts)

    assert statuses[0] == 302
    assert set(statuses) <= {302, 404, 422}
    assert count(Post) == 3
    assert [where_it_went(None, one.id, 1) is not None for one in threads] == [True] * 3
    assert count(Thread, Thread.merged_into_id.is_(None)) == 3 - statuses.count(302)
    assert everything_adds_up()


def test_answer_accepted_while_its_thread_goes_into_another(
    app: Flask, client_for: SignIn, topic: Topic, question: Thread, asker: User, steward: User
) -> None:
    """Who asked one question does not choose the answer of somebody else's."""
    other = make_user()
    target = make_thread(topic, other, kind=ThreadKind.QUESTION)
    own_answer = make_reply(target, steward)
    client_for(other).post(f"/threads/{target.id}/posts/{own_answer.number}/accept")
    acts = [
        (client_for(asker), f"/threads/{question.id}/posts/2/accept", {}),
        (client_for(steward), f"/threads/{question.id}/merge", {"target": str(target.id)}),
    ]

    at_once(app, acts)

    db.session.refresh(target)
    assert target.accepted_number == own_answer.number
    assert everything_adds_up()


def test_pressing_twice_and_all_together(
    app: Flask, client_for: SignIn, question: Thread, asker: User, steward: User
) -> None:
    """Responses toggle, a post is kept once, and reading marks are one row."""
    path = f"/threads/{question.id}/posts/2"
    people = [asker, steward, make_user()]
    said = [(client_for(one), f"{path}/responses", {"kind": "helpful"}) for one in people]
    kept = [(client_for(asker), f"{path}/bookmark", {"note": "For later"}) for _ in range(2)]
    unread = [(client_for(asker), f"{path}/unread", {}) for _ in range(2)]

    assert at_once(app, said + kept + unread) == [302] * 7

    assert count(PostResponse) == 3
    assert count(Bookmark) == 1
    assert count(ThreadRead, ThreadRead.user_id == asker.id) == 1
    assert everything_adds_up()


def test_marking_everything_read_while_threads_are_merged(
    app: Flask, client_for: SignIn, topic: Topic, question: Thread, writer: User, steward: User
) -> None:
    """Both change the marks of many threads or people: none waits for the other in turn."""
    target = make_thread(topic, writer)
    readers = [make_user() for _ in range(4)]
    with write():
        for reader in readers:
            for thread in (target, question):
                mark_read(reader.id, thread.id, 1)
    marking = [(client_for(reader), "/threads/read", {}) for reader in readers]
    merging = (client_for(steward), f"/threads/{question.id}/merge", {"target": str(target.id)})

    assert at_once(app, [*marking[:2], merging, *marking[2:]]) == [302] * 5

    assert everything_adds_up()


def test_everybody_does_something_else(
    app: Flask, client_for: SignIn, topic: Topic, question: Thread, writer: User, steward: User
) -> None:
    """Nobody waits for each other in a circle, whatever they hold."""
    target = make_thread(topic, writer)
    path, browser = f"/threads/{question.id}", client_for(steward)
    version = version_of(post_at(question, 3))
    edit = {"body": "Quite another text.", "language": "en", "based_on": version}
    acts = [
        (browser, f"{path}/merge", {"target": str(target.id)}),
        (client_for(steward), f"{path}/split", {"title": "A thread of its own", "posts": "3"}),
        (client_for(writer), f"{path}/posts/3/edit", edit),
        (client_for(writer), f"{path}/posts/2/delete", {}),
        (client_for(steward), f"/threads/{target.id}/posts", REPLY),
        (client_for(steward), f"{path}/posts/3/responses", {"kind": "same_here"}),
    ]

    at_once(app, acts)

    assert count(Post) == 5
    assert everything_adds_up()
