"""What the demo community shows of the forum, and that each page of it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.files.models import StoredFile
from app.forum.enums import EventKind, FollowLevel, ResponseKind, Standing
from app.forum.models import Post, Tag, Thread, ThreadEvent, ThreadOverview, ThreadTag
from app.forum.reader_models import Bookmark, PostResponse, TopicReading
from app.messages.models import Conversation
from app.notifications.queries import unread_count
from config import Settings

SignIn = Callable[[User], FlaskClient]


def person(email: str) -> User:
    return db.session.scalars(sa.select(User).where(User.email == f"{email}@demo.invalid")).one()


def thread(beginning: str) -> Thread:
    return db.session.scalars(sa.select(Thread).where(Thread.title.like(f"{beginning}%"))).one()


def page_of(browser: FlaskClient, beginning: str) -> str:
    where = browser.get(f"/threads/{thread(beginning).id}").location
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.text


def count(*what: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(*what)) or 0


def test_everything_that_can_be_done_to_a_thread_was_done(demo: Flask) -> None:
    done = Counter(db.session.scalars(sa.select(ThreadEvent.kind)))

    assert done == {
        EventKind.RETAGGED: 11,
        EventKind.TIME_BOXED: 5,
        EventKind.TIME_IS_UP: 2,
        EventKind.CONSOLIDATED: 2,
        EventKind.PINNED: 2,
        EventKind.ACCEPTED: 1,
        EventKind.HIDDEN: 1,
        EventKind.LOCKED: 1,
        EventKind.MOVED: 1,
    }
    assert thread("How small").accepted_number == 4
    assert thread("Shelter for everyone").topic.slug == "housing-and-homelessness"
    assert thread("Equality data").is_locked
    assert thread("How we use this place").is_pinned


def test_one_question_still_runs(demo: Flask) -> None:
    running = thread("Before an eviction").answers_by
    over = [thread(title) for title in ("Access to services", "What should the network")]

    assert running
    assert timedelta(days=7) < running - utcnow() < timedelta(days=11)
    assert [(one.consolidated_number, one.reply_count) for one in over] == [(5, 4), (5, 4)]
    assert all(one.answers_by and one.answers_by < utcnow() for one in over)


def test_people_say_where_it_stands_and_what_they_will_try(demo: Flask) -> None:
    overviews = sa.select(Thread.id).where(Thread.overview_revision > 0)
    cities = sa.select(PostResponse.city_id).where(PostResponse.city_id.is_not(None))

    assert len(db.session.scalars(overviews).all()) == 3
    assert count(ThreadOverview.thread_id == thread("What did being").id) == 2
    assert set(db.session.scalars(sa.select(PostResponse.kind))) == set(ResponseKind)
    assert len(db.session.scalars(cities.distinct()).all()) == 8
    assert count(Post.reply_to.is_not(None)) == 14
    assert count(Post.standing == Standing.FORMAL) == 2
    assert (count(Tag.id > 0), count(ThreadTag.tag_id > 0)) == (11, 12)


def test_pages_of_an_official_answer(demo: Flask, client_for: SignIn) -> None:
    graz = person("official")
    browser = client_for(graz)

    assert count(Bookmark.user_id == graz.id) == 2
    assert count(TopicReading.user_id == graz.id, TopicReading.level != FollowLevel.NORMAL) == 2
    assert "Take the table to the crisis staff." in browser.get("/bookmarks").text
    assert "Your clause in the rules for subsidies" in browser.get("/messages").text
    conversation = db.session.scalars(sa.select(Conversation.id).order_by(Conversation.id)).first()
    assert "is what took us a year" in browser.get(f"/messages/{conversation}").text
    for title in ("What did being", "Four questions", "Shelter for everyone", "Before an"):
        assert page_of(browser, title)


def test_files_are_there_with_their_words(demo: Flask, client: FlaskClient) -> None:
    files = db.session.scalars(sa.select(StoredFile).order_by(StoredFile.name)).all()
    page = page_of(client, "Indicators")

    assert [(file.name.rpartition(".")[2], bool(file.alt)) for file in files] == [
        ("csv", False),
        ("txt", False),
        ("png", True),
        ("pdf", False),
        ("vtt", False),
        ("vtt", False),
    ]
    assert "Drawing of a one-page report" in page
    for file in files:
        answer = client.get(f"/files/{file.key}/{file.name}")
        assert (answer.status_code, len(answer.data)) == (200, file.size)


def test_numbers_are_those_of_a_recount(demo: Flask) -> None:
    answer = demo.test_cli_runner().invoke(args=["forum", "recount", "--check"])

    assert answer.exit_code == 0, answer.output


def test_nobody_is_flooded_when_the_worker_begins(demo: Flask, run_jobs: Callable[[], int]) -> None:
    run_jobs()

    approved = sa.select(User).where(User.approved_at.is_not(None)).order_by(User.id)
    told = {one.handle: unread_count(one) for one in db.session.scalars(approved)}
    assert max(told.values()) == told["graz"] <= 14
    assert sum(told.values()) <= 26
    assert not count(ThreadEvent.at > utcnow() - timedelta(hours=1))


def test_the_official_comes_back_to_a_few_news(demo: Flask, client_for: SignIn) -> None:
    page = client_for(person("official")).get("/").text

    assert "2 new" in page
    assert page.count("Camera surveillance") == 0


def test_removing_takes_the_files_too(
    demo: Flask, settings: Settings, run_jobs: Callable[[], int]
) -> None:
    store = settings.data_dir / "files"
    there = sorted(file.name for file in store.glob("*/*"))
    keys = db.session.scalars(sa.select(StoredFile.key)).all()
    assert set(keys) <= set(there)

    answer = demo.test_cli_runner().invoke(args=["demo", "remove"])
    run_jobs()

    assert "6 files" in answer.output
    assert not {file.name for file in store.glob("*/*")} & set(keys)
