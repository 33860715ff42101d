"""The page of notices, the number at the bell, reading and undoing."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.forum.enums import FollowLevel
from app.forum.models import Thread
from app.forum.reader_models import ThreadRead
from app.notifications.jobs import forget_old
from app.notifications.models import Notice
from app.notifications.queries import unread_count
from app.topics.models import Topic
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
RunJobs = Callable[..., int]
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def graz(app: Flask) -> User:
    return make_user("Human rights officer, Graz", handle="graz-officer")


@pytest.fixture
def york(app: Flask) -> User:
    return make_user("Policy adviser, York")


@pytest.fixture
def thread(graz: User, york: User, run_jobs: RunJobs) -> Thread:
    """York answered Graz and named them."""
    topic = make_topic()
    thread = make_thread(topic, graz)
    make_reply(thread, york, "We did the same, @graz-officer.")
    run_jobs()
    return thread


def test_page_says_who_did_what_where(thread: Thread, graz: User, client_for: SignIn) -> None:
    page = client_for(graz).get("/notifications").text

    assert "Policy adviser, York mentioned you" in page
    assert thread.title in page


def test_bell_counts_on_every_page(thread: Thread, graz: User, client_for: SignIn) -> None:
    page = client_for(graz).get("/topics").text

    assert "1 new notice" in page


def test_opening_a_notice_marks_it_and_leads_to_the_post(
    thread: Thread, graz: User, client_for: SignIn
) -> None:
    notice = db.session.query(Notice).filter_by(user_id=graz.id).one()
    browser = client_for(graz)

    answer = browser.get(f"/notifications/{notice.id}")

    assert answer.location == f"/threads/{thread.id}/2"
    assert unread_count(graz) == 0


def test_fetching_in_advance_marks_nothing(thread: Thread, graz: User, client_for: SignIn) -> None:
    notice = db.session.query(Notice).filter_by(user_id=graz.id).one()

    client_for(graz).get(f"/notifications/{notice.id}", headers={"Sec-Purpose": "prefetch"})

    assert unread_count(graz) == 1


def test_notices_of_others_are_not_there(thread: Thread, york: User, client_for: SignIn) -> None:
    notice = db.session.query(Notice).one()
    browser = client_for(york)

    assert browser.get(f"/notifications/{notice.id}").status_code == 404
    assert thread.title not in browser.get("/notifications").text


def test_mark_all_and_undo(thread: Thread, graz: User, client_for: SignIn) -> None:
    browser = client_for(graz)

    browser.post("/notifications/read")
    page = browser.get("/notifications").text
    marked = unread_count(graz)
    moment = re.search(r'name="moment" value="([^"]+)"', page)
    assert moment is not None
    browser.post("/notifications/unread", data={"moment": moment[1]})

    assert (marked, unread_count(graz)) == (0, 1)


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-11-21T10:00:00"])
def test_an_odd_moment_undoes_nothing(
    thread: Thread, graz: User, client_for: SignIn, moment: str
) -> None:
    browser = client_for(graz)
    browser.post("/notifications/read")

    answer = browser.post("/notifications/unread", data={"moment": moment})

    assert (answer.status_code, unread_count(graz)) == (302, 0)


def test_count_answers_304_until_it_changes(
    thread: Thread, graz: User, york: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    browser = client_for(graz)
    first = browser.get("/notifications/count")
    again = browser.get("/notifications/count", headers={"If-None-Match": first.headers["ETag"]})
    make_reply(thread, york, "One more.", reply_to=1)
    run_jobs()
    changed = browser.get("/notifications/count", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert "2 new notices" in changed.text


def test_visitors_are_asked_to_sign_in(app: Flask, client: FlaskClient) -> None:
    assert client.get("/notifications").status_code == 302
    assert client.post("/notifications/read").status_code == 302


def test_empty_page_helps(graz: User, client_for: SignIn) -> None:
    assert "You are up to date." in client_for(graz).get("/notifications").text


def test_muting_from_the_page(thread: Thread, graz: User, client_for: SignIn) -> None:
    client_for(graz).post(f"/threads/{thread.id}/follow", data={"level": "muted"})

    reading = db.session.get_one(ThreadRead, (graz.id, thread.id))
    assert reading.level is FollowLevel.MUTED


def test_names_are_withheld_where_the_thread_withholds_them(
    graz: User, york: User, client_for: SignIn, run_jobs: RunJobs
) -> None:
    topic = make_topic("rule", attribution=Attribution.CHATHAM_HOUSE)
    thread = make_thread(topic, graz)
    make_reply(thread, york, "As you say, @graz-officer.")
    run_jobs()

    page = client_for(graz).get("/notifications").text

    assert "You were mentioned" in page
    assert "Policy adviser" not in page


def test_same_number_of_statements_with_one_and_thirty_notices(
    graz: User, york: User, client_for: SignIn, run_jobs: RunJobs, count_statements: Counting
) -> None:
    browser = client_for(graz)
    topic = make_topic()
    counted = []
    for size in (1, 29):
        for number in range(size):
            _told(topic, graz, york, f"Question number {number} of {size}")
        run_jobs()
        with count_statements() as statements:
            browser.get("/notifications")
        counted.append(len(statements))

    assert counted == [4, 4]


def test_old_notices_are_forgotten(thread: Thread, graz: User) -> None:
    with write():
        db.session.query(Notice).one().read_at = utcnow()
    with time_machine.travel(utcnow() + timedelta(days=59)), write():
        forget_old()
    kept = db.session.query(Notice).count()

    with time_machine.travel(utcnow() + timedelta(days=61)), write():
        forget_old()

    assert (kept, db.session.query(Notice).count()) == (1, 0)


def _told(topic: Topic, graz: User, york: User, title: str) -> None:
    thread = make_thread(topic, york, title, "What do you say, @graz-officer?")
    assert thread.reply_count == 0


def test_telling_many_followers_asks_little_of_each(
    thread: Thread, york: User, count_statements: Counting, run_jobs: RunJobs
) -> None:
    """A statement for whether they may read it; the rest is asked and written for all at once."""
    asked = []
    for more in (2, 20):
        for _ in range(more):
            follow(thread, make_user())
        run_jobs()
        make_reply(thread, york, "Once more.")  # begins their lines
        run_jobs()
        make_reply(thread, york, f"And again, for {more} more.")
        with count_statements() as statements:
            run_jobs()
        asked.append(len(statements))

    assert asked[1] <= asked[0] + 20


def follow(thread: Thread, person: User) -> None:
    with write() as session:
        session.add(ThreadRead(user_id=person.id, thread_id=thread.id, level=FollowLevel.FOLLOWING))
