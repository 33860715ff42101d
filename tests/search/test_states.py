"""Filters by what a thread is find what the plain way finds, whoever asks, and read no more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.deleting import delete_post, delete_thread
from app.forum.enums import State, ThreadKind
from app.forum.models import Post, Thread
from app.forum.queries import posts_visible_to
from app.search.finding import Found, asked_by, found_for
from app.search.models import SearchDocument
from app.search.ranking import HITS_ON_A_PAGE
from app.search.statement import backend
from app.topics.models import Topic
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

Counting = Callable[[], AbstractContextManager[list[str]]]
FIRST = datetime(2024, 4, 1, 9, tzinfo=UTC)
JUNE = date(2024, 6, 1)
THREADS = 40
WORDS = ("shelter", "shelter", "shelter beds", "beds", "kitchen")
KINDS = (ThreadKind.QUESTION, ThreadKind.DISCUSSION, ThreadKind.PRACTICE)
ASKS = (ThreadKind.QUESTION, ThreadKind.DISCUSSION)
FILTERS = [
    *(f"status:{state.value}" for state in State),
    *(f"kind:{kind.value}" for kind in KINDS),
    f"status:unanswered before:{JUNE}",
    f"status:unanswered after:{JUNE}",
    f"status:solved before:{JUNE}",
    "status:unanswered kind:question",
    "status:locked kind:practice",
]


class Crowd:
    """Threads of every kind and state in topics that not everybody reads, some of it hidden,
    deleted, merged away or written later by whoever asked."""

    def __init__(self, chance: Random) -> None:
        self.people = [make_user(f"Officer {number}") for number in range(3)]
        inside = make_group(self.people[0])
        self.places: list[tuple[Topic, dict[str, Any]]] = [
            (make_topic(), {}),
            (make_topic("network", visibility=Visibility.NETWORK), {}),
            (make_topic("hidden", visibility=Visibility.HIDDEN), {}),
            (make_topic("rooms"), {"visibility": Visibility.CLOSED, "group_id": inside.id}),
        ]
        for number in range(THREADS):
            with time_machine.travel(FIRST + timedelta(days=3 * number), tick=False):
                self._write(chance)

    def _write(self, chance: Random) -> None:
        author = chance.choice(self.people)
        topic, place = chance.choice(self.places)
        kind = chance.choice(KINDS)
        thread = make_thread(topic, author, "Beds", self._body(chance), kind=kind, **place)
        for _ in range(chance.choice((0, 0, 1, 3))):
            with time_machine.travel(utcnow() + timedelta(days=chance.randrange(9)), tick=False):
                who = author if chance.random() < 0.5 else chance.choice(self.people)
                self._end(chance, make_reply(thread, who, self._body(chance)), who)
        with write():
            row = db.session.get_one(Thread, thread.id)
            if row.kind is ThreadKind.QUESTION and row.reply_count and chance.random() < 0.5:
                row.accepted_number = 2
            row.is_locked, row.is_pinned = chance.random() < 0.2, chance.random() < 0.2
            if chance.random() < 0.1:
                delete_thread(row)

    @staticmethod
    def _body(chance: Random) -> str:
        return f"A {chance.choice(WORDS)} for {chance.randrange(99)}."

    @staticmethod
    def _end(chance: Random, reply: Post, author: User) -> None:
        with write():
            post, what = db.session.get_one(Post, reply.id), chance.random()
            if what < 0.15:
                delete_post(post, author)
            elif what < 0.3:
                post.hidden_at = utcnow()


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Housing officer")


def plain(viewer: User | None, typed: str) -> list[int]:
    """Every post that the viewer reads, one by one, by its own words and its thread's columns."""
    documents = dict(db.session.execute(sa.select(SearchDocument.post_id, SearchDocument.id)).all())
    posts = db.session.scalars(posts_visible_to(viewer)).all()
    asked = [part.split(":") for part in typed.split()]
    return sorted(
        documents[post.id]
        for post in posts
        if "shelter" in post.body and all(matches(post, name, value) for name, value in asked)
    )


def matches(post: Post, name: str, value: str) -> bool:
    thread, day = post.thread, post.created_at.date()
    if name == "kind":
        return thread.kind == value
    if name in ("before", "after"):
        asked = date.fromisoformat(value)
        return day <= asked if name == "before" else day >= asked
    is_question = thread.kind == ThreadKind.QUESTION
    return {
        State.OPEN: not thread.is_locked,
        State.LOCKED: thread.is_locked,
        State.PINNED: thread.is_pinned,
        State.SOLVED: thread.accepted_number is not None,
        State.UNSOLVED: is_question and thread.accepted_number is None,
        State.UNANSWERED: thread.kind in ASKS and not is_answered(thread),
    }[State(value)]


def is_answered(thread: Thread) -> bool:
    replies = db.session.scalars(
        sa.select(Post).where(
            Post.thread_id == thread.id,
            Post.number > 1,
            Post.deleted_at.is_(None),
            Post.hidden_at.is_(None),
        )
    )
    return any(reply.author_id != thread.author_id for reply in replies)


def found(typed: str, viewer: User | None = None, most: int = 1000) -> Found:
    return found_for(asked_by(viewer, typed), most=most)


def ids(result: Found) -> list[int]:
    return sorted(row[0] for row in result.rows)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_role_finds_what_the_plain_way_finds(app: Flask, seed: int) -> None:
    """All of it where it is less than is compared; otherwise as much as is compared."""
    crowd = Crowd(Random(seed))
    readers = [
        None,
        make_user("Newcomer", approved_at=None),
        make_user("Coordinator"),
        crowd.people[0],
        make_user("Organiser", role=SiteRole.ADMIN),
    ]
    app.test_cli_runner().invoke(args=["search", "rebuild"])
    told = 0
    for reader in readers:
        for typed in FILTERS:
            expected = plain(reader, typed)
            told += len(expected)
            assert ids(found(f"shelter {typed}", reader)) == expected, typed
            some = found(f"shelter {typed}", reader, most=3)
            assert set(ids(some)) <= set(expected), typed
            assert len(some.rows) == min(3, len(expected)), typed
            assert some.is_cut == (len(expected) > 3), typed
    assert told > 5 * len(FILTERS)


def waiting(topic: Topic, author: User, count: int, day: datetime, title: str = "Shelter") -> None:
    with time_machine.travel(day, tick=False):
        for _ in range(count):
            make_thread(topic, author, title, "A text.", kind=ThreadKind.QUESTION)


def test_old_threads_that_wait_are_found_behind_newer_ones(
    author: User, count_statements: Counting
) -> None:
    """They are looked through alone: neither the newer ones nor all that has the word."""
    topic, most = make_topic(), HITS_ON_A_PAGE + 1
    waiting(topic, author, most, FIRST)
    waiting(topic, author, most, FIRST + timedelta(days=90), "A newer shelter")
    asked = asked_by(None, f"shelter status:unanswered before:{JUNE}")

    with count_statements() as statements:
        result = found_for(asked, most=most)

    titles = {hit.post.title for hit in result.hits if hit.post}
    assert (titles, len(result.rows), result.compared) == ({"Shelter"}, most, most)
    assert len(statements) == 4  # which wait, which of them are old, what they say, the page


def test_old_posts_of_threads_that_go_on_are_found_too(author: User) -> None:
    """Where older threads do not fill a page."""
    topic = make_topic()
    with time_machine.travel(FIRST, tick=False):
        thread = make_thread(topic, author, "Shelter", "A text.", kind=ThreadKind.QUESTION)
    waiting(topic, author, 2, FIRST, "Beds")
    make_reply(thread, author, "Nobody?")
    waiting(topic, author, 3, FIRST + timedelta(days=90))

    result = found(f"shelter status:unanswered before:{JUNE}", most=3)

    assert [hit.post.thread_id for hit in result.hits if hit.post] == [thread.id]


def test_one_who_looks_for_titles_reads_the_index_of_words_once(
    author: User, count_statements: Counting
) -> None:
    """On SQLite, which stops with the last that is kept. PostgreSQL does not look for them."""
    topic = make_topic()
    for number in range(6):
        make_thread(topic, author, f"Shelter {number}", "A text.", kind=ThreadKind.PRACTICE)
    asked = asked_by(None, "shelter kind:practice")

    with count_statements() as statements:
        result = found_for(asked, most=4)

    reads = [statement.count("MATCH") for statement in statements if "MATCH" in statement]
    assert (len(result.rows), result.compared) == (4, 4)
    assert reads == ([1, 1] if backend().FINDS_TITLES else [])


def test_few_locked_or_pinned_threads_are_found_without_reading_all(
    author: User, count_statements: Counting
) -> None:
    make_thread(make_topic(), author, "Beds", "A shelter.", is_locked=True, is_pinned=True)
    for state in ("locked", "pinned"):
        asked = asked_by(None, f"shelter status:{state}")
        with count_statements() as statements:
            found_for(asked)
        way = plan(next(one for one in statements if "LIMIT" in one and "MATCH" not in one))

        assert f"ix_thread_{state}" in way, way
        assert ids(found(f"shelter status:{state}")) == plain(None, f"status:{state}")


def plan(statement: str) -> str:
    """As it is where there are many threads: PostgreSQL reads a small table whole."""
    bare = statement.replace("%(param_1)s::INTEGER", "101").replace(" OFFSET ?", "")
    bare = bare.replace("LIMIT ?", "LIMIT 101")
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))
            return str(connection.exec_driver_sql(f"EXPLAIN {bare}").all())
        return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {bare}").all())
