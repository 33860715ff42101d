"""The front page's lists hold what the lists of conversations hold, found in another way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import front_lists as fronts
from app.forum.enums import FollowLevel, Show
from app.forum.following import follow, follow_topic
from app.forum.front_lists import front_lists
from app.forum.listing import threads_anywhere
from app.forum.models import Post, Thread
from app.forum.own_news import own_news
from app.forum.posting import Audience
from app.forum.reach import reach_of
from app.forum.reading import mark_all_read, mark_read
from app.forum.rows import Line, lines_of
from app.topics.models import Topic
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=300)


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


class Shown(NamedTuple):
    """The lists with what their rows say."""

    threads: list[Line]
    first_threads: list[Line]
    to_answer: list[Line]


def shown(reader: User, show: Show = Show.NEW) -> Shown:
    db.session.rollback()
    reach = reach_of(reader)
    lists = front_lists(reach, reader, show)
    lines = {line.id: line for line in lines_of(reach, lists.ids)}
    marks = own_news(reach, lists.ids).marks
    assert {one: tuple(mark) for one, mark in marks.items()} == {
        one: (one, line.is_new, line.unread_count) for one, line in lines.items()
    }
    for one, moment in lists.moments.items():
        assert moment == lines[one].last_post_at.isoformat()
    asked = (lists.threads, lists.first_threads, lists.to_answer)
    return Shown(*([lines[one] for one in ids] for ids in asked))


def as_listed(reader: User, show: Show = Show.NEW) -> list[Any]:
    return threads_anywhere(reach_of(reader), show, fronts.MOST_NEWS)


def titles(lines: list[Any]) -> list[str]:
    return [line.title for line in lines]


def read_all(reader: User, *threads: Thread) -> None:
    with write():
        for thread in threads:
            mark_read(reader.id, thread.id, thread.last_number)


@pytest.fixture
def reader(app: Flask) -> User:
    return make_user("Reader", approved_at=LONG_AGO)


@pytest.mark.parametrize("show", list(Show))
def test_members_find_what_the_list_of_that_kind_holds(reader: User, show: Show) -> None:
    """One thread of each sort that decides about a list."""
    author, others = make_user(), make_user()
    topic, muted, marked = make_topic(), make_topic("muted"), make_topic("marked")
    group = make_group(author, slug="others")
    inside = make_group(reader, author, slug="inside")
    with time_machine.travel(NOW - timedelta(days=50), tick=False):
        make_thread(topic, author, "Too old to be new")
        old = make_thread(topic, author, "Old, with a new reply to me")
        make_reply(old, reader)
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        make_thread(marked, author, "Marked")
        make_thread(topic, author, "Not for me", audience=Audience(Visibility.CLOSED, group.id))
        make_thread(topic, author, "For us", audience=Audience(Visibility.CLOSED, inside.id))
        make_thread(muted, author, "Muted")
        make_thread(topic, reader, "Mine")
        gone = make_thread(topic, author, "Gone")
        opened = make_thread(topic, author, "Opened")
        followed = make_thread(topic, author, "Followed")
        solved = make_thread(topic, author, "Solved", accepted_number=1)
        closed = make_thread(topic, author, "Closed to me later")
        make_thread(topic, author, "Never opened")
    read_all(reader, opened, followed, old, closed)
    with write() as session:
        follow(session.get_one(Thread, followed.id), reader)
        follow(session.get_one(Thread, closed.id), reader)
        follow_topic(muted.id, reader, FollowLevel.MUTED)
        mark_all_read(reader, session.get_one(Topic, marked.id))
        session.get_one(Thread, gone.id).deleted_at = NOW
        session.get_one(Thread, closed.id).visibility = Visibility.CLOSED
        session.get_one(Thread, closed.id).group_id = group.id
    for thread in (old, opened, followed, solved):
        make_reply(thread, others)

    listed = as_listed(reader, show)

    assert shown(reader, show).threads == listed
    if show is Show.NEW:
        assert set(titles(listed)) == {
            "Old, with a new reply to me", "For us", "Followed", "Solved", "Never opened"
        }  # fmt: skip


def test_who_opened_all_that_is_latest_finds_what_is_new_behind_it(reader: User) -> None:
    author, topic = make_user(), make_topic()
    with write() as session:
        threads = [_thread(topic, author, number) for number in range(fronts.MOST_LATEST + 25)]
        session.add_all(threads)
    latest = sorted(threads, key=lambda thread: -thread.id)[: fronts.MOST_LATEST]
    read_all(reader, *latest)

    found = shown(reader).threads

    assert [len(found), found] == [fronts.MOST_NEWS, as_listed(reader)]


def _thread(topic: Topic, author: User, number: int) -> Thread:
    at = NOW - timedelta(hours=2) + timedelta(minutes=number)
    return Thread(
        topic_id=topic.id, author_id=author.id, title=f"Thread {number}", language="en",
        last_number=1, last_post_at=at, created_at=at, reply_count=0,
    )  # fmt: skip


def test_a_kept_list_changes_with_threads_replies_and_marks(reader: User) -> None:
    author, topic = make_user(), make_topic()
    first = make_thread(topic, author, "First")
    assert titles(shown(reader).threads) == ["First"]

    second = make_thread(topic, author, "Second")
    assert titles(shown(reader).threads) == ["Second", "First"]
    make_reply(first, author)
    assert titles(shown(reader).threads) == ["First", "Second"]
    read_all(reader, second)
    assert titles(shown(reader).threads) == ["First"]
    with write() as session:
        session.get_one(Thread, first.id).deleted_at = NOW
    assert titles(shown(reader).threads) == []
    assert titles(shown(reader).first_threads) == ["Second"]


def test_muted_topics_are_not_offered_to_begin_with(reader: User) -> None:
    author, muted, heard = make_user(), make_topic("muted"), make_topic("heard")
    threads = [make_thread(one, author, one.slug) for one in (muted, heard)]
    read_all(reader, *threads)
    with write():
        follow_topic(muted.id, reader, FollowLevel.MUTED)

    assert titles(shown(reader).first_threads) == ["heard"]


def test_a_question_is_offered_until_somebody_answers_it(reader: User) -> None:
    author, topic = make_user(), make_topic()
    make_reply(make_thread(topic, author, "Answered"), reader)
    asked = [make_thread(topic, author, title) for title in ("Older", "Newer", "Newest")]
    assert titles(shown(reader).to_answer) == ["Newest", "Newer"]

    reply = make_reply(asked[2], reader)
    assert titles(shown(reader).to_answer) == ["Newer", "Older"]
    make_reply(asked[1], author)  # adding to one's own question is no answer
    assert titles(shown(reader).to_answer) == ["Newer", "Older"]
    with write() as session:
        session.get_one(Thread, asked[1].id).is_locked = True
    assert titles(shown(reader).to_answer) == ["Older"]
    with write() as session:
        session.get_one(Post, reply.id).hidden_at = NOW
        session.get_one(Thread, asked[2].id).reply_count = 0
    assert titles(shown(reader).to_answer) == ["Newest", "Older"]


def test_who_wrote_nowhere_is_offered_nothing(reader: User) -> None:
    make_thread(make_topic(), make_user(), "Open")

    assert shown(reader).to_answer == []
