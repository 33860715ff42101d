"""A search within a range of days finds what the plain way would find, and reads only its part."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement, product

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.deleting import delete_post, restore_post
from app.forum.models import Post, Thread
from app.forum.overviewing import save_overview
from app.forum.posting import text_of
from app.search.finding import asked_by, found_for
from app.search.models import SearchDocument
from app.search.spans import newest_span
from app.search.statement import backend
from app.topics.models import Topic
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread

Counting = Callable[[], AbstractContextManager[list[str]]]
FIRST = datetime(2024, 3, 28, 22, tzinfo=UTC)
DAYS = [date(2024, 3, day) for day in (27, 29, 31)] + [date(2024, 4, day) for day in (1, 5)]


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def written(author: User) -> Thread:
    """A post every nine hours across the end of a month."""
    with time_machine.travel(FIRST, tick=False):
        thread = make_thread(make_topic(), author, "Beds", "A shelter.")
    for number in range(1, 24):
        with time_machine.travel(FIRST + timedelta(hours=11 * number), tick=False):
            make_reply(thread, author, "No word." if number % 3 == 0 else f"Shelter {number}.")
    return thread


@pytest.fixture
def late(written: Thread, author: User) -> Thread:
    """One was restored later and one stands on top of all: both are in the index behind what is
    newer than they are."""
    with write():
        post = db.session.scalars(select(Post).where(Post.number == 5)).one()
        delete_post(post, author)
    with write():
        restore_post(db.session.get_one(Post, post.id))
        thread = db.session.get_one(Thread, written.id)
        save_overview(thread, author, text_of("Where the shelter stands."), 0)
    return written


def ids(typed: str, viewer: User | None = None, most: int = 1000) -> list[int]:
    return sorted(row[0] for row in found_for(asked_by(viewer, typed), most=most).rows)


def plain(since: date, until: date) -> list[int]:
    """All that has the word, by the days of its posts."""
    rows = db.session.execute(
        select(SearchDocument.id, Post.created_at)
        .join(Post, Post.id == SearchDocument.post_id)
        .where(SearchDocument.id.in_(ids("shelter")))
        .order_by(SearchDocument.id)
    )
    return [number for number, moment in rows if since <= moment.date() <= until]


def test_every_range_finds_what_the_plain_way_finds(late: Thread) -> None:
    """Also where a span holds only some of the posts, and where the newest are cut off."""
    for (since, until), most in product(combinations_with_replacement(DAYS, 2), (2, 5, 1000)):
        expected = plain(since, until)
        typed = f"shelter after:{since} before:{until}"
        result = found_for(asked_by(None, typed), most=most)
        found = sorted(row[0] for row in result.rows)

        assert set(found) <= set(expected), typed
        assert len(found) == min(most, len(expected)), typed
        assert result.compared == (most if len(expected) > most else 0), typed


def test_the_newest_are_those_of_the_plain_way(written: Thread) -> None:
    for (since, until), most in product(combinations_with_replacement(DAYS, 2), (1, 3)):
        assert (
            ids(f"shelter after:{since} before:{until}", most=most) == plain(since, until)[-most:]
        )


def test_ranges_that_are_open_on_one_side(late: Thread) -> None:
    for day in DAYS:
        assert ids(f"shelter before:{day}") == plain(date.min, day)
        assert ids(f"shelter after:{day}") == plain(day, date.max)


def test_the_days_are_those_of_the_reader(written: Thread) -> None:
    there = make_user("Coordinator", timezone="Pacific/Auckland")

    assert plain(date(2024, 3, 28), date(2024, 3, 28)) == ids("shelter before:2024-03-28")
    assert ids("shelter before:2024-03-28", there) == []


def test_a_span_says_whether_it_is_whole(written: Thread) -> None:
    end = FIRST + timedelta(days=2)  # five posts

    whole, some = newest_span(FIRST, end, 50), newest_span(FIRST, end, 2)
    none = newest_span(FIRST - timedelta(days=9), FIRST, 50)

    assert (whole.is_whole, some.is_whole, none.is_whole) == (True, False, True)
    assert (whole.begin, some.begin) == (FIRST, FIRST + timedelta(hours=33))
    assert (none.first, none.last) == (0, 0)


@pytest.mark.parametrize("most", [1, 2, 50])
def test_hidden_posts_of_the_same_days_displace_none(
    written: Thread, author: User, most: int
) -> None:
    topic: Topic = make_topic("hidden", visibility=Visibility.HIDDEN)
    before = ids("shelter before:2024-03-31", most=most)
    with time_machine.travel(datetime(2024, 3, 31, 23, tzinfo=UTC), tick=False):
        inside = make_thread(topic, author, "Inside", "A secret shelter.")
        for _ in range(8):
            make_reply(inside, author, "A secret shelter.")

    assert ids("shelter before:2024-03-31", most=most) == before
    assert ids("secret before:2024-03-31", most=most) == []
    assert ids("secret after:2024-03-31 before:2024-03-31", make_user(), most) == []


def test_a_range_of_many_posts_takes_as_many_statements_as_of_few(
    written: Thread, count_statements: Counting
) -> None:
    """One says where it lies, and one finds."""
    counts = []
    for typed in ("shelter after:2024-04-01 before:2024-04-01", "shelter before:2024-04-30"):
        asked = asked_by(None, typed)
        with count_statements() as statements:
            found_for(asked)
        counts.append(len(statements))

    assert counts == [3, 3]


def test_a_span_with_too_little_is_widened_once(
    written: Thread, count_statements: Counting
) -> None:
    newest = ids("word")[-2:]
    asked = asked_by(None, "word before:2024-04-30")
    with count_statements() as statements:
        result = found_for(asked, most=2)

    assert (sorted(row[0] for row in result.rows), result.compared) == (newest, 2)
    assert len(statements) == (6 if backend().FINDS_TITLES else 5)
