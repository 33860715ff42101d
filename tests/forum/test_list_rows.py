"""What lists keep for all readers changes with what it shows, and is nobody's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import GroupMember, User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import reading
from app.forum.choosing import chosen
from app.forum.enums import FollowLevel, Show, Sort
from app.forum.following import follow_topic
from app.forum.listing import ThreadList, thread_list
from app.forum.models import Thread
from app.forum.own_news import own_news
from app.forum.posting import Audience
from app.forum.reach import reach_of
from app.forum.row_texts import NEWS
from app.forum.starting import _after
from app.forum.tallies import written
from app.topics.models import Topic
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
BOTH = ("/threads", "/topics/covid-19-responses")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def change(thread: Thread, **values: object) -> None:
    with write() as session:
        row = session.get_one(Thread, thread.id)
        for name, value in values.items():
            setattr(row, name, value)


def test_a_kept_list_changes_with_its_threads(client: FlaskClient, client_for: SignIn) -> None:
    author = make_user("Housing officer", make_city("Graz"))
    thread = make_thread(make_topic(), author, "First name")
    readers = [client, client_for(make_user()), client_for(author)]

    def seen(words: str) -> set[int]:
        return {browser.get(address).text.count(words) for browser in readers for address in BOTH}

    assert [seen("First name"), seen("Pinned</span>")] == [{1}, {0}]
    change(thread, title="Second name", is_pinned=True)
    assert [seen("First name"), seen("Second name"), seen("Pinned</span>")] == [{0}, {1}, {1}]
    change(thread, deleted_at=NOW)
    assert [seen("Second name"), seen("Nobody has asked here yet.")] == [{0}, {1}]
    change(thread, deleted_at=None)
    assert seen("Second name") == {1}


def test_a_thread_that_closes_leaves_the_kept_lists_of_others(client_for: SignIn) -> None:
    author, topic = make_user(), make_topic()
    group = make_group(author)
    thread = make_thread(topic, author, "Soon among ourselves")
    inside, outside = client_for(author), client_for(make_user())

    def seen() -> list[list[bool]]:
        return [
            ["among ourselves" in who.get(one).text for one in BOTH] for who in (inside, outside)
        ]

    assert seen() == [[True, True], [True, True]]
    change(thread, visibility=Visibility.CLOSED, group_id=group.id)
    assert seen() == [[True, True], [False, False]]


def test_who_leaves_a_group_loses_its_kept_rows_and_news(client_for: SignIn) -> None:
    author, member, topic = make_user(), make_user(), make_topic()
    group = make_group(author, member)
    make_thread(topic, author, "Group", audience=Audience(Visibility.CLOSED, group.id))
    browser = client_for(member)

    assert "Group" in browser.get("/threads").text
    assert "1 new" in browser.get("/topics").text
    with write() as session:
        session.delete(session.get_one(GroupMember, (group.id, member.id)))
    assert "Group" not in browser.get("/threads").text
    assert "1 new" not in browser.get("/topics").text


def test_news_are_laid_into_one_readers_page_only(client_for: SignIn) -> None:
    author, reader, topic = make_user(), make_user(), make_topic()
    thread = make_thread(topic, author, "To be read")
    one, other = client_for(author), client_for(reader)

    def look(browser: FlaskClient, address: str) -> tuple[bool, bool]:
        page = browser.get(address).text
        return 'class="row unread"' in page, f'href="/threads/{thread.id}/unread"' in page

    assert [look(one, BOTH[0]), look(other, BOTH[0])] == [(False, False), (True, False)]
    with write():
        reading.mark_read(reader.id, thread.id, 1)
    with write():
        follow_topic(topic.id, reader, FollowLevel.NORMAL)
    assert look(other, BOTH[0]) == (False, False)
    make_reply(thread, author)
    assert [look(one, BOTH[1]), look(other, BOTH[1])] == [(False, False), (True, True)]


def test_the_row_of_a_topic_changes_with_the_topic(client: FlaskClient, client_for: SignIn) -> None:
    topic = make_topic()
    make_thread(topic, make_user(), "One")
    browser = client_for(make_user())
    assert [who.get("/topics").text.count("1 thread<") for who in (client, browser)] == [1, 1]

    with write() as session:
        row = session.get_one(Topic, topic.id)
        row.names, row.visibility = {"en": "Renamed"}, Visibility.NETWORK
    assert ["Renamed" in who.get("/topics").text for who in (client, browser)] == [False, True]
    assert "Renamed" in browser.get(BOTH[1]).text
    make_thread(topic, make_user(), "Two")
    assert "2 threads<" in browser.get("/topics").text


def test_what_people_write_cannot_end_a_piece_of_a_row(client_for: SignIn) -> None:
    topic = make_topic()
    for title in (f"Odd {NEWS}1{NEWS} title", "Plain title"):
        make_thread(topic, make_user(), title)

    page = client_for(make_user()).get("/threads").text

    assert (page.count('<article class="row unread">'), NEWS in page) == (2, False)
    assert "Odd 1 title" in page


def test_news_of_a_topic_are_counted_as_they_are_listed(app: Flask) -> None:
    """Also where many are, some marked as read, own, opened, muted or too old."""
    author, reader, topic, other = make_user(), make_user(), make_topic(), make_topic("housing")
    for days in (50, 41, 39, 20, 10, 5, 1):
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            if days == 50:
                with write() as session:
                    session.get_one(User, reader.id).approved_at = NOW - timedelta(days=60)
            opened = make_thread(topic, author, f"{days} days ago")
            make_thread(other, reader if days == 10 else author, f"{days} days ago, housing")
    with time_machine.travel(NOW, tick=False):
        with write():
            reading.mark_read(reader.id, opened.id, 1)
        assert _counted_and_listed(reader) == ({topic.id: 4, other.id: 4}, 8)
        with time_machine.travel(NOW - timedelta(days=8), tick=False), write():
            reading.mark_all_read(reader, other)
        assert _counted_and_listed(reader) == ({topic.id: 4, other.id: 2}, 6)
        with write():
            follow_topic(topic.id, reader, FollowLevel.MUTED)
        assert _counted_and_listed(reader) == ({other.id: 2}, 2)


def _counted_and_listed(reader: User) -> tuple[dict[int, int], int]:
    db.session.rollback()
    person = db.session.get_one(User, reader.id)
    listed = _new_of(person)
    assert listed.count == listed.new_count == len(listed.page.rows)
    return dict(own_news(reach_of(person)).by_topic), listed.count


def _new_of(person: User, number: int = 1, sort: Sort = Sort.LATEST) -> ThreadList:
    asked = {"show": Show.NEW.value, "sort": sort.value}
    return thread_list(person, chosen(person, asked, []), number)


def test_moments_are_counted_strictly_after() -> None:
    moments = [NOW + timedelta(microseconds=one) for one in (0, 1, 1, 7)]
    started = tuple(map(written, moments))

    found = [_after(written(NOW + timedelta(microseconds=one)), started) for one in (-1, 0, 1, 7)]

    assert [*found, _after(written(NOW), ())] == [4, 3, 1, 0, 0]


def test_pages_of_what_is_new_follow_each_other(app: Flask) -> None:
    author, reader, topic = make_user(), make_user(), make_topic()
    threads = [make_thread(topic, author, f"Number {number}") for number in range(35)]
    with write():
        for thread in threads[:4]:
            reading.mark_read(reader.id, thread.id, 1)
    new = [thread.id for thread in threads[4:]]

    pages = {sort: [_new_of(reader, number, sort).page.rows for number in (1, 2)] for sort in Sort}

    assert {sort: len(first) for sort, (first, _second) in pages.items()} == dict.fromkeys(Sort, 30)
    found = {sort: [row.id for page in both for row in page] for sort, both in pages.items()}
    assert found[Sort.OLDEST] == new
    assert found[Sort.NEWEST] == found[Sort.LATEST] == found[Sort.REPLIES] == new[::-1]
