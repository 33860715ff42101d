"""Several people do things to the same threads at the same moment, on either database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db
from app.forum.editing import version_of
from app.forum.enums import EventKind
from app.forum.models import Post, PostRedirect, Thread
from app.forum.queries import where_it_went
from app.topics.models import Topic
from tests.factories import make_steward, make_topic, make_user
from tests.factories_forum import make_replies, make_thread
from tests.forum.curated import bodies, events, nothing_is_miscounted, post_at
from tests.hostile.test_together import at_once

SignIn = Callable[[User], FlaskClient]
REPLY = {"body": "We kept one counter open.", "language": "en"}


@pytest.fixture
def second(topic: Topic) -> User:
    person = make_user("Second coordinator")
    make_steward(topic, person)
    return person


def body_count() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Post.id)).all())


def test_moving_and_replying(
    app: Flask, client_for: SignIn, thread: Thread, member: User, steward: User
) -> None:
    make_topic("elsewhere")
    path = f"/threads/{thread.id}"

    statuses = at_once(
        app,
        [
            (client_for(steward), f"{path}/move", {"topic": "elsewhere"}),
            (client_for(member), f"{path}/posts", REPLY),
        ],
    )

    assert statuses == [302, 302]
    assert bodies(thread)[2] == REPLY["body"]
    assert events(thread) == [EventKind.MOVED]
    assert nothing_is_miscounted()


def test_splitting_and_editing_lose_no_text(
    app: Flask, client_for: SignIn, thread: Thread, member: User, steward: User
) -> None:
    make_replies(thread, member, 3)
    post = post_at(thread, 3)
    path, based_on = f"/threads/{thread.id}", version_of(post)
    edit = {"body": "A much better text.", "language": "en", "based_on": based_on}
    typed = {"title": "A thread of its own", "posts": ["2", "3"]}

    statuses = at_once(
        app,
        [
            (client_for(steward), f"{path}/split", typed),
            (client_for(member), f"{path}/posts/3/edit", edit),
        ],
    )

    db.session.refresh(post)
    assert statuses[0] == 302
    assert statuses[1] in {302, 404}
    assert post.body == ("A much better text." if statuses[1] == 302 else "Reply 2.")
    assert post.number == 2
    assert nothing_is_miscounted()


def test_splitting_the_same_posts_twice(
    app: Flask, client_for: SignIn, thread: Thread, member: User, steward: User, second: User
) -> None:
    make_replies(thread, member, 3)
    typed = {"title": "A thread of its own", "posts": ["2", "3"]}
    path = f"/threads/{thread.id}/split"

    statuses = at_once(app, [(client_for(one), path, typed) for one in (steward, second)])

    assert statuses == [302, 422]
    assert events(thread) == [EventKind.SPLIT_OUT]
    assert len(db.session.scalars(select(PostRedirect)).all()) == 2
    assert nothing_is_miscounted()


def test_merging_and_replying_lose_no_text(
    app: Flask, client_for: SignIn, topic: Topic, thread: Thread, member: User, steward: User
) -> None:
    target = make_thread(topic, make_user())
    path = f"/threads/{thread.id}"

    statuses = at_once(
        app,
        [
            (client_for(steward), f"{path}/merge", {"target": str(target.id)}),
            (client_for(member), f"{path}/posts", REPLY),
        ],
    )

    texts = list(bodies(target).values())
    assert statuses in ([302, 302], [302, 409])
    assert (REPLY["body"] in texts) == (statuses[1] == 302)
    assert bodies(thread) == {}
    assert nothing_is_miscounted()


def test_merging_each_into_the_other(
    app: Flask,
    client_for: SignIn,
    topic: Topic,
    thread: Thread,
    member: User,
    steward: User,
    second: User,
) -> None:
    other = make_thread(topic, member)
    acts: list[tuple[FlaskClient, str, dict[str, Any]]] = [
        (client_for(steward), f"/threads/{thread.id}/merge", {"target": str(other.id)}),
        (client_for(second), f"/threads/{other.id}/merge", {"target": str(thread.id)}),
    ]

    statuses = at_once(app, acts)

    assert statuses[0] == 302
    assert statuses[1] in {404, 422}
    assert sorted(len(bodies(one)) for one in (thread, other)) == [0, 2]
    assert [where_it_went(None, one.id, 1) is not None for one in (thread, other)] == [True, True]
    assert nothing_is_miscounted()


def test_everything_at_once_stays_countable(
    app: Flask, client_for: SignIn, thread: Thread, member: User, steward: User, second: User
) -> None:
    make_replies(thread, member, 4)
    path = f"/threads/{thread.id}"
    browser, other = client_for(steward), client_for(second)

    at_once(
        app,
        [
            (browser, f"{path}/lock", {}),
            (other, f"{path}/pin", {}),
            (client_for(steward), f"{path}/posts/3/hide", {"reason": "Personal data"}),
            (client_for(second), f"{path}/rename", {"title": "Another title of fair length"}),
            (client_for(steward), f"{path}/split", {"title": "A thread apart", "posts": "4"}),
        ],
    )

    db.session.refresh(thread)
    assert (thread.is_locked, thread.is_pinned, thread.event_count) == (True, True, 5)
    assert thread.title == "Another title of fair length"
    assert nothing_is_miscounted()
