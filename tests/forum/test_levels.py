"""How much people hear of threads and topics, and marking much as read at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import reading
from app.forum.enums import FollowLevel
from app.forum.following import follow, follow_new_thread, follow_topic
from app.forum.models import Thread
from app.forum.reader_models import Marking, ThreadRead, TopicReading
from app.forum.telling import followers_of, muters_of, watchers_of_topic
from app.forum.topic_counts import counts_by_topic
from app.topics.models import Topic
from tests.factories import make_group, make_topic, make_user
from tests.factories_forum import make_replies, make_reply, make_thread

SignIn = Callable[[User], FlaskClient]


def topic_at(level: FollowLevel, topic: Topic) -> User:
    person = make_user()
    with write():
        follow_topic(topic.id, person, level)
    return person


def level_of(person: User, thread: Thread) -> FollowLevel | None:
    db.session.rollback()
    return db.session.scalar(
        select(ThreadRead.level).where(
            ThreadRead.user_id == person.id, ThreadRead.thread_id == thread.id
        )
    )


def unread(person: User) -> int:
    db.session.rollback()
    return sum(counts.unread_count for counts in counts_by_topic(person).values())


def test_following_a_topic_follows_each_new_thread_once(app: Flask) -> None:
    topic = make_topic()
    people = {level: topic_at(level, topic) for level in FollowLevel}
    author = make_user()
    thread = make_thread(topic, author)
    with write():
        follow(thread, people[FollowLevel.LOUD], FollowLevel.MUTED)
    for _ in range(2):
        with write():
            follow_new_thread(db.session.get_one(Thread, thread.id))

    levels = {level: level_of(person, thread) for level, person in people.items()}

    assert levels == {
        FollowLevel.MUTED: None,
        FollowLevel.NORMAL: None,
        FollowLevel.NEW: None,
        FollowLevel.FOLLOWING: FollowLevel.FOLLOWING,
        FollowLevel.LOUD: FollowLevel.MUTED,
    }
    assert unread(people[FollowLevel.FOLLOWING]) == 1


def test_who_hears_of_what(app: Flask) -> None:
    topic = make_topic()
    thread = make_thread(topic, make_user())
    author = thread.author_id
    of_topic = {level: topic_at(level, topic).id for level in FollowLevel}
    here = {}
    for level in (FollowLevel.MUTED, FollowLevel.NORMAL, FollowLevel.FOLLOWING, FollowLevel.LOUD):
        person = topic_at(FollowLevel.MUTED if level is FollowLevel.LOUD else level, topic)
        here[level] = person.id
        with write():
            follow(db.session.get_one(Thread, thread.id), person, level)

    followers = set(db.session.scalars(followers_of(thread)))
    muters = set(db.session.scalars(muters_of(thread)))
    watchers = set(db.session.scalars(watchers_of_topic(topic)))

    assert followers == {
        author,
        here[FollowLevel.FOLLOWING],
        here[FollowLevel.LOUD],
        of_topic[FollowLevel.LOUD],
    }
    assert muters == {of_topic[FollowLevel.MUTED], here[FollowLevel.MUTED]}
    assert watchers == {
        of_topic[FollowLevel.NEW],
        of_topic[FollowLevel.FOLLOWING],
        of_topic[FollowLevel.LOUD],
        here[FollowLevel.FOLLOWING],
    }


def test_a_muted_thread_in_a_loud_topic_is_silent(app: Flask) -> None:
    topic = make_topic()
    thread = make_thread(topic, make_user())
    person = topic_at(FollowLevel.LOUD, topic)
    with write():
        follow(db.session.get_one(Thread, thread.id), person, FollowLevel.MUTED)

    assert person.id not in set(db.session.scalars(followers_of(thread)))


def test_topics_have_five_levels_by_button(client_for: SignIn) -> None:
    reader, topic = make_user(), make_topic()
    browser = client_for(reader)

    for level in FollowLevel:
        answer = browser.post("/topics/covid-19-responses/follow", data={"level": level.value})
        page = browser.get("/topics/covid-19-responses").text
        assert answer.location == "/topics/covid-19-responses"
        assert f'value="{level.value}" checked' in page

    found = db.session.get_one(TopicReading, (reader.id, topic.id))
    assert (found.level, found.marked_at) == (FollowLevel.LOUD, None)


@pytest.mark.parametrize("level", ["", "stalking", "\x00", "new "])
def test_unknown_levels_are_refused(client_for: SignIn, level: str) -> None:
    make_topic()
    browser = client_for(make_user())

    answer = browser.post("/topics/covid-19-responses/follow", data={"level": level})

    assert answer.status_code == 400


def test_only_topics_tell_of_new_threads(client_for: SignIn) -> None:
    thread = make_thread(make_topic(), make_user())
    browser = client_for(make_user())

    answers = [
        browser.post(f"/threads/{thread.id}/follow", data={"level": level}).status_code
        for level in ("new", "loud", "muted", "normal")
    ]

    assert answers == [400, 302, 302, 302]


def test_following_is_for_members_who_read_there(client: FlaskClient, client_for: SignIn) -> None:
    insider = make_user()
    make_topic("shelter", [make_group(insider)], visibility=Visibility.CLOSED)
    make_topic()
    stranger = client_for(make_user())
    waiting = client_for(make_user(approved_at=None))
    data = {"level": "following"}

    assert stranger.post("/topics/shelter/follow", data=data).status_code == 404
    assert stranger.post("/topics/shelter/read").status_code == 404
    assert waiting.post("/topics/covid-19-responses/follow", data=data).status_code == 403
    assert [waiting.post(f"/threads/read{tail}").status_code for tail in ("", "/undo")] == [
        403,
        403,
    ]
    assert "/sign-in" in client.post("/threads/read").location
    assert "/sign-in" in client.post("/topics/covid-19-responses/follow", data=data).location


def test_everything_is_read_and_unread_again(client_for: SignIn) -> None:
    author, reader = make_user(), make_user()
    topic, second = make_topic(), make_topic("housing")
    opened = make_thread(topic, author, "Opened once")
    make_thread(second, author, "Never opened")
    with write():
        reading.mark_read(reader.id, opened.id, 1)
        follow(db.session.get_one(Thread, opened.id), reader)
    make_replies(opened, author, 2)
    browser = client_for(reader)

    assert unread(reader) == 2
    answer = browser.post("/threads/read", data={"list": "home"})
    assert (answer.location, unread(reader)) == ("/", 0)
    page = browser.get("/").text
    assert "Everything is marked as read." in page
    assert 'action="/threads/read/undo"' in page
    back = browser.post("/threads/read/undo", data={"list": "home"})
    assert (back.location, unread(reader)) == ("/", 2)
    again = browser.post("/threads/read/undo")
    assert (again.location, unread(reader)) == ("/threads", 2)
    assert "It is too late to undo this." in browser.get("/threads").text


def test_one_topic_is_read_and_the_others_stay(client_for: SignIn) -> None:
    author, reader = make_user(), make_user()
    topic, second = make_topic(), make_topic("housing")
    make_thread(topic, author)
    make_thread(second, author)
    browser = client_for(reader)

    browser.post("/topics/housing/read")
    left = {topic_id: found.unread_count for topic_id, found in counts_by_topic(reader).items()}
    back = browser.post("/threads/read/undo", data={"topic": "housing"})

    assert left == {topic.id: 1, second.id: 0}
    assert (back.location, unread(reader)) == ("/topics/housing", 2)


def test_what_comes_after_marking_is_new(client_for: SignIn) -> None:
    author, reader, topic = make_user(), make_user(), make_topic()
    with time_machine.travel(utcnow() - timedelta(hours=1), tick=False):
        make_thread(topic, author, "Before")
    with write():
        reading.mark_all_read(db.session.get_one(User, reader.id))
    with time_machine.travel(utcnow() + timedelta(hours=1), tick=False):
        make_thread(topic, author, "After")

        assert unread(reader) == 1


def test_undo_lowers_nothing_that_was_read_since(app: Flask) -> None:
    author, reader = make_user(), make_user()
    thread = make_thread(make_topic(), author)
    with write():
        reading.mark_read(reader.id, thread.id, 1)
    make_reply(thread, author)
    with write():
        reading.mark_all_read(db.session.get_one(User, reader.id))
    make_reply(thread, author)
    with write():
        reading.mark_read(reader.id, thread.id, 3)
    with write():
        assert reading.undo_marking(db.session.get_one(User, reader.id))

    row = db.session.get_one(ThreadRead, (reader.id, thread.id))
    assert row.last_read == 3


def test_after_ten_minutes_a_marking_stays(app: Flask) -> None:
    reader = make_user()
    make_thread(make_topic(), make_user())
    with write():
        reading.mark_all_read(db.session.get_one(User, reader.id))
    with time_machine.travel(utcnow() + timedelta(minutes=10, seconds=1), tick=False), write():
        undone = reading.undo_marking(db.session.get_one(User, reader.id))

    assert (undone, unread(reader)) == (False, 0)


def test_old_markings_are_forgotten(app: Flask) -> None:
    reader = make_user()
    with write():
        reading.mark_all_read(db.session.get_one(User, reader.id))
        reading.forget_markings()
    assert db.session.get(Marking, reader.id) is not None
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False), write():
        reading.forget_markings()

    db.session.rollback()
    assert db.session.get(Marking, reader.id, populate_existing=True) is None


def test_two_tabs_mark_everything_at_once(app: Flask) -> None:
    author, reader, topic = make_user(), make_user(), make_topic()
    threads = [make_thread(topic, author, f"Thread number {number}") for number in range(5)]
    with write():
        for thread in threads:
            reading.mark_read(reader.id, thread.id, 1)
    for thread in threads:
        make_reply(thread, author)
    reader_id = reader.id

    def press() -> None:
        with app.app_context(), write():
            reading.mark_all_read(db.session.get_one(User, reader_id))

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        for pressed in [pool.submit(press) for _ in range(4)]:
            pressed.result()

    assert unread(reader) == 0


def test_marking_twice_undoes_the_second(app: Flask) -> None:
    reader, topic = make_user(), make_topic()
    make_thread(topic, make_user())
    for _ in range(2):
        with write():
            reading.mark_all_read(db.session.get_one(User, reader.id))
    with write():
        reading.undo_marking(db.session.get_one(User, reader.id))

    assert unread(reader) == 0
    assert db.session.get_one(TopicReading, (reader.id, topic.id)).marked_at is not None


@pytest.mark.parametrize("data", [{"topic": "//evil.example"}, {"topic": "\x00"}, {"list": "x"}])
def test_the_way_back_stays_here(client_for: SignIn, data: dict[str, str]) -> None:
    assert client_for(make_user()).post("/threads/read/undo", data=data).location == "/threads"
