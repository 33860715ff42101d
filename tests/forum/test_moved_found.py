"""Moved, split, merged and renamed threads are found as they are now."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.slugs import slugify
from app.forum.models import Thread
from app.search.finding import find
from app.topics.models import Topic
from tests.factories import make_topic
from tests.factories_forum import make_reply
from tests.forum.curated import merge, split

SignIn = Callable[[User], FlaskClient]


def hits(typed: str) -> list[tuple[int, int, str]]:
    db.session.rollback()
    return [
        (hit.post.thread_id, hit.post.number, hit.title.strip("\x02\x03"))
        for hit in find(None, typed).hits
        if hit.post
    ]


def test_search_finds_posts_where_they_went(
    topic: Topic,
    thread: Thread,
    member: User,
    steward: User,
) -> None:
    make_reply(thread, member, "Trolleybuses run again")
    target = split(thread, [2], steward, "Zeppelins over the harbour")

    assert [hit[:2] for hit in hits("trolleybuses")] == [(target.id, 1)]
    assert [hit[:2] for hit in hits("zeppelins")] == [(target.id, 1)]
    merge(target, thread, steward)
    assert hits("zeppelins") == []
    assert [hit[:2] for hit in hits("trolleybuses")] == [(thread.id, 3)]


def test_search_finds_new_titles_and_topics(
    client_for: SignIn,
    thread: Thread,
    steward: User,
) -> None:
    make_topic("dirigibles")
    browser, path = client_for(steward), f"/threads/{thread.id}"
    old = "counters"

    browser.post(f"{path}/rename", data={"title": "Zeppelins over the harbour"})
    browser.post(f"{path}/move", data={"topic": "dirigibles"})

    assert [hit[:2] for hit in hits("zeppelins")] == [(thread.id, 1)]
    assert [hit[:2] for hit in hits("dirigibles")] == [(thread.id, 1)]
    assert "answers" not in " ".join(hit[2] for hit in hits(old))


def test_page_stops_naming_a_thread_that_closed(
    client: FlaskClient, thread: Thread, member: User, steward: User
) -> None:
    make_reply(thread, member, "Trolleybuses run again")
    target = split(thread, [2], steward, "Zeppelins over the harbour")
    page = f"/threads/{thread.id}-{slugify(thread.title)}"
    named = f"/threads/{target.id}-zeppelins-over-the-harbour"
    assert named in client.get(page).text

    with write():
        db.session.get_one(Thread, target.id).visibility = Visibility.NETWORK

    assert named not in client.get(page).text
