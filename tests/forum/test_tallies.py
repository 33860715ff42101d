"""Counts of lists stay right while what is older is not counted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, insert, select

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.fragments import fragments
from app.core.generations import generations
from app.forum.choosing import chosen
from app.forum.deleting import delete_thread, restore_thread
from app.forum.enums import Show
from app.forum.listing import thread_list
from app.forum.models import Thread
from app.forum.own_news import own_news
from app.forum.reach import reach_of
from app.forum.tallies import NEWEST, threads_by_place
from app.forum.topic_counts import counts_by_topic
from app.topics.models import Topic
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread
from tests.forum.curated import merge, move, split

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MANY = 2 * NEWEST + 30
CountStatements = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


@pytest.fixture
def old(topic: Topic) -> list[int]:
    """Many threads, none of which is new."""
    return _add(topic, MANY)


def _add(topic: Topic, count: int) -> list[int]:
    then = NOW - timedelta(days=100)
    row = {"topic_id": topic.id, "title": "Winter shelter", "language": "en",
           "created_at": then, "last_post_at": then}  # fmt: skip
    with write() as session:
        made = insert(Thread).returning(Thread.id)
        return list(session.scalars(made, [row] * count))


def _all_agree(*people: User | None) -> int:
    """What is kept, beside what is counted now. Returns how many threads everybody sees."""
    db.session.rollback()
    where = (Thread.topic_id, Thread.visibility, Thread.group_id)
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    rows = db.session.execute(select(*where, func.count()).where(*is_there).group_by(*where))
    counted = Counter({(a, b, c): count for a, b, c, count in rows})
    assert Counter(threads_by_place(reach_of(None))) == counted
    for person in people:
        found = thread_list(person, chosen(person, {}, []), 1)
        by_topic = counts_by_topic(person).values()
        assert found.count == sum(one.thread_count for one in by_topic)
        kept = [found.count, own_news(reach_of(person)).by_topic, *by_topic]
        fragments().clear()
        again, news = thread_list(person, chosen(person, {}, []), 1), own_news(reach_of(person))
        assert kept == [again.count, news.by_topic, *counts_by_topic(person).values()]
    return sum(counted.values())


@time_machine.travel(NOW, tick=False)
def test_counts_follow_whatever_happens_to_old_threads(topic: Topic, old: list[int]) -> None:
    reader, author, group = make_user(), make_user(), make_group()
    other = make_topic(slug="elsewhere", visibility=Visibility.NETWORK)
    asked = [make_thread(topic, author, f"Beds {number}") for number in range(4)]
    _add(topic, MANY)  # those four are older now
    for thread in asked:
        make_reply(thread, reader)

    def after(change: Callable[[], object]) -> int:
        _all_agree(None, reader, author)
        with write():
            change()
        return _all_agree(None, reader, author)

    def close() -> None:
        asked[1].visibility, asked[1].group_id = Visibility.CLOSED, group.id

    first = _all_agree(None, reader, author)
    assert first == 2 * MANY + 4
    assert after(lambda: delete_thread(db.session.get_one(Thread, old[0]))) == first - 1
    assert after(lambda: restore_thread(db.session.get_one(Thread, old[0]))) == first
    assert after(close) == first
    move(asked[0], other, make_user())
    assert _all_agree(None, reader, author) == first
    merge(asked[2], asked[3], make_user())
    assert _all_agree(None, reader, author) == first - 1
    split(asked[3], [2], make_user())
    assert _all_agree(None, reader, author) == first
    _add(other, MANY)
    assert _all_agree(None, reader, author) == first + MANY


@time_machine.travel(NOW, tick=False)
def test_a_new_thread_counts_no_old_ones(
    topic: Topic, old: list[int], count_statements: CountStatements
) -> None:
    reader, author = make_user(), make_user()
    _all_agree(reader)

    def asked() -> list[str]:
        db.session.rollback()
        with count_statements() as made:
            thread_list(reader, chosen(reader, {}, []), 1)
        return [one for one in made if "thread.id +" in one or "count(*) AS count_1 \nFROM" in one]

    before = dict(zip(("forum", "places"), generations("forum", "places"), strict=True))
    thread = make_thread(topic, author, "Beds tonight")
    make_reply(thread, author)
    assert [asked(), _all_agree(reader)] == [[], MANY + 1]
    assert before["places"] == generations("places")[0]
    assert before["forum"] != generations("forum")[0]


def test_who_starts_several_at_once_makes_all_be_counted(topic: Topic) -> None:
    def places() -> int:
        db.session.rollback()
        return generations("places")[0][0]

    found = [places()]
    for count in (1, 2):
        with write() as session:
            for number in range(count):
                session.add(Thread(topic=topic, title=f"Beds {number}", language="en",
                                   created_at=NOW, last_post_at=NOW))  # fmt: skip
                session.flush()
        found.append(places())

    assert found == [0, 0, 1]


@time_machine.travel(NOW, tick=False)
def test_lists_of_a_kind_count_what_they_show(topic: Topic, old: list[int]) -> None:
    author = make_user()
    for number in range(3):
        make_reply(make_thread(topic, author, f"Beds {number}"), make_user())

    found = thread_list(None, chosen(None, {"show": Show.UNANSWERED.value}, []), 1)

    assert (found.count, len(found.page.rows)) == (MANY, 30)
