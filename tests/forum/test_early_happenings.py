"""What was done with a thread is told at once, and reading it early leaves the marks it should."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import grouping
from app.accounts.models import Group, User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import deleting, editing, posting, responding
from app.forum.curating import locking, merging, titling
from app.forum.enums import ResponseKind
from app.forum.models import Post, Thread
from app.forum.posting import text_of
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic
from tests.factories_forum import make_reply
from tests.forum.early import LONG_WAY, Reader, address_of, browsers, people, reader, threads

__all__ = ["browsers", "people", "reader", "threads"]

PEEK = {"Sec-Purpose": "prefetch"}
"""It leaves no mark that the other way would see."""


@pytest.fixture
def thread(threads: dict[str, Thread], reader: Reader) -> Thread:
    """One that the reader was told early."""
    found = threads["public"]
    reader.sees(address_of(found))
    assert reader.both_ways(address_of(found))[0]
    return found


def last_post(session: Any, thread: Thread) -> Post:
    found: Post = session.scalars(
        db.select(Post).where(Post.thread_id == thread.id).order_by(Post.number.desc()).limit(1)
    ).one()
    return found


def told_twice(reader: Reader, address: str) -> tuple[list[bool], Any]:
    """Whether it was told early at once, and after the framework had told it."""
    first, _answer = reader.both_ways(address, headers=PEEK)
    then, answer = reader.both_ways(address, headers=PEEK)
    return [first, then], answer


def marks(reader: User) -> list[tuple[Any, ...]]:
    found = db.session.execute(
        db.select(ThreadRead.__table__).where(ThreadRead.user_id == reader.id)
    )
    return [tuple(row) for row in found]


def test_reply_of_another(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    make_reply(thread, people["author"], "Just now.")
    early, answer = told_twice(reader, address_of(thread))
    assert (early, "Just now." in answer.text) == ([False, False], True)

    reader.ask(address_of(thread))
    early, answer = told_twice(reader, address_of(thread))
    assert (early[1], "Just now." in answer.text) == (True, True)


def test_reply_of_ones_own(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    make_reply(thread, people["late"], "My words.")
    early, answer = told_twice(reader, address_of(thread))

    assert (early, "My words." in answer.text) == ([False, False], True)


def test_reply_elsewhere(
    reader: Reader, thread: Thread, threads: dict[str, Thread], people: dict[str, User]
) -> None:
    for _ in range(4):  # who wrote so often is no longer new here
        make_reply(threads["network"], people["late"])
        assert told_twice(reader, address_of(thread))[0][1]


def test_edited_post(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    with write() as session:
        post = last_post(session, thread)
        version, writer = editing.version_of(post), session.get_one(User, people["writer"].id)
        editing.edit_post(post, writer, text_of("Other words."), version)
    early, answer = told_twice(reader, address_of(thread))

    assert (early, "Other words." in answer.text) == ([False, True], True)


def test_deleted_post(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    with write() as session:
        deleting.delete_post(last_post(session, thread), session.get_one(User, people["writer"].id))
    early, answer = told_twice(reader, address_of(thread))

    assert (early, "We kept one counter open." in answer.text) == ([False, True], False)


def test_response_of_ones_own(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    with write() as session:
        person = session.get_one(User, people["late"].id)
        responding.toggle(last_post(session, thread), person, next(iter(ResponseKind)))
    early, _answer = told_twice(reader, address_of(thread))

    assert early == [False, False]


def test_deleted_thread(reader: Reader, thread: Thread) -> None:
    with write() as session:
        session.get_one(Thread, thread.id).deleted_at = thread.created_at
    early, answer = told_twice(reader, address_of(thread))

    assert (early, answer.status_code) == ([False, False], 404)


def test_merged_thread(
    reader: Reader, thread: Thread, threads: dict[str, Thread], people: dict[str, User]
) -> None:
    target = threads["eventful"]
    with write() as session:
        both = [session.get_one(Thread, one.id) for one in (thread, target)]
        merging.merge(both[0], both[1], session.get_one(User, people["admin"].id))
    early, answer = told_twice(reader, address_of(thread))

    assert (early, answer.status_code) == ([False, False], 301)
    assert answer.location == address_of(target)


def test_renamed_thread(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    former = address_of(thread)
    with write() as session:
        admin = session.get_one(User, people["admin"].id)
        titling.rename(session.get_one(Thread, thread.id), "Another title", admin)
    early, answer = told_twice(reader, former)

    assert (early, answer.status_code) == ([False, False], 301)
    assert told_twice(reader, answer.location)[0] == [False, True]


def test_locked_and_unlocked(reader: Reader, thread: Thread, people: dict[str, User]) -> None:
    found = []
    for is_locked in (True, False):
        with write() as session:
            held = posting.lock_row(thread.id)
            locking.set_locked(held, session.get_one(User, people["admin"].id), locked=is_locked)
        found.append(told_twice(reader, address_of(thread))[0])

    assert found == [[False, False], [False, True]]


def test_topic_that_was_hidden(reader: Reader, thread: Thread) -> None:
    with write() as session:
        session.get_one(Topic, thread.topic_id).visibility = Visibility.HIDDEN
    early, answer = told_twice(reader, address_of(thread))

    assert (early, answer.status_code) == ([False, False], 404)


@pytest.mark.parametrize("visibility", [Visibility.NETWORK, Visibility.PUBLIC])
def test_thread_that_others_may_read_now(
    reader: Reader, thread: Thread, visibility: Visibility
) -> None:
    with write() as session:
        session.get_one(Thread, thread.id).visibility = visibility
    early, answer = told_twice(reader, address_of(thread))

    assert (early, answer.status_code) == ([visibility is Visibility.PUBLIC, True], 200)


def test_whoever_left_the_group_is_told_nothing(
    app: Flask,
    browsers: dict[str, FlaskClient],
    people: dict[str, User],
    threads: dict[str, Thread],
) -> None:
    inside, found = Reader(app, browsers["inside"]), address_of(threads["closed"])
    inside.sees(found)
    assert inside.both_ways(found)[0]
    with write() as session:
        group = session.scalars(db.select(Group)).one()
        grouping.remove_member(group, session.get_one(User, people["inside"].id))
    early, answer = told_twice(inside, found)

    assert (early, answer.status_code) == ([False, False], 404)


def test_same_marks_are_left_either_way(
    reader: Reader, people: dict[str, User], threads: dict[str, Thread], time_machine: Any
) -> None:
    time_machine.move_to("2026-11-24 12:00:00 +0000", tick=False)
    found, person = address_of(threads["public"]), people["late"]
    reader.ask(found, headers=PEEK)
    assert marks(person) == []
    reader.ask(found)  # parts may be kept, but this is new to the reader
    (mark,) = marks(person)
    reader.ask(found)

    time_machine.move_to("2026-11-24 12:10:00 +0000", tick=False)
    for headers in ({}, LONG_WAY, {}):
        reader.ask(found, headers=headers)
        assert marks(person) == [mark]
