"""Publishing a webinar tells those who follow its topic, in the app, each once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum.enums import FollowLevel
from app.forum.following import follow_topic
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from app.notifications.notifying import tell_followers
from app.topics.models import Topic
from app.webinars.models import Webinar
from app.webinars.signals import webinar_published
from tests.factories import make_topic, make_user
from tests.factories_notes import make_summary
from tests.factories_notes import publish as publish_notes
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
RunJobs = Callable[..., int]
Counting = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic("housing")


def follower(topic: Topic, level: FollowLevel = FollowLevel.FOLLOWING) -> User:
    person = make_user()
    with write():
        follow_topic(topic.id, person, level)
    return person


def publish(webinar: Webinar) -> None:
    with write():
        webinar_published.send(webinar)


def told() -> set[int]:
    kind = Notice.kind == NoticeKind.WEBINAR
    return set(db.session.scalars(sa.select(Notice.user_id).where(kind)))


def test_followers_are_told_and_nobody_else(topic: Topic, run_jobs: RunJobs) -> None:
    levels = [FollowLevel.NEW, FollowLevel.FOLLOWING, FollowLevel.LOUD]
    followers = {follower(topic, level).id for level in levels}
    follower(topic, FollowLevel.MUTED)
    follower(make_topic("transport"))

    publish(make_webinar(topic_id=topic.id))
    run_jobs()

    assert told() == followers


def test_twice_published_is_told_once(topic: Topic, run_jobs: RunJobs) -> None:
    follower(topic)
    webinar = make_webinar(topic_id=topic.id)
    publish(webinar)
    run_jobs()
    with write():
        tell_followers(webinar, topic)

    assert len(db.session.scalars(sa.select(Notice)).all()) == 1


def test_organisers_are_not_told_of_their_own(topic: Topic, run_jobs: RunJobs) -> None:
    organiser = make_organiser()
    with write():
        follow_topic(topic.id, organiser, FollowLevel.LOUD)

    publish(make_webinar(topic_id=topic.id, organiser=organiser))
    run_jobs()

    assert told() == set()


def test_who_may_not_see_it_is_not_told(topic: Topic, run_jobs: RunJobs) -> None:
    follower(topic)

    publish(make_webinar(topic_id=topic.id, visibility=Visibility.HIDDEN))
    run_jobs()

    assert told() == set()


def test_followers_are_told_in_portions(topic: Topic) -> None:
    people = sorted(follower(topic).id for _ in range(3))
    webinar = make_webinar(topic_id=topic.id)

    with write():
        end = tell_followers(webinar, topic, after_id=people[0])

    assert (end, told()) == (None, set(people[1:]))


def test_webinar_without_topic_tells_nobody(app: Flask, run_jobs: RunJobs) -> None:
    publish(make_webinar())

    assert run_jobs() == 0


def test_notice_names_the_webinar_and_leads_to_it(
    topic: Topic, run_jobs: RunJobs, client_for: SignIn
) -> None:
    person = follower(topic)
    webinar = make_webinar("Counting together", topic_id=topic.id)
    publish(webinar)
    run_jobs()
    browser = client_for(person)

    page = browser.get("/notifications").text
    notice = db.session.scalars(sa.select(Notice)).one()
    opened = browser.get(f"/notifications/{notice.id}")

    assert "Counting together" in page
    assert "A webinar in a topic you follow: register now" in page
    assert "1 new notice" in page
    assert opened.location == f"/webinars/{webinar.id}"
    assert "1 new notice" not in browser.get("/topics").text


def test_notice_of_a_webinar_that_was_hidden_is_gone(
    topic: Topic, run_jobs: RunJobs, client_for: SignIn
) -> None:
    person = follower(topic)
    webinar = make_webinar("Counting together", topic_id=topic.id)
    publish(webinar)
    run_jobs()
    with write():
        webinar.visibility = Visibility.HIDDEN

    page = client_for(person).get("/notifications").text

    assert "Counting together" not in page
    assert "1 new notice" not in page


def test_page_asks_as_much_for_one_as_for_ten(
    topic: Topic, run_jobs: RunJobs, client_for: SignIn, count_statements: Counting
) -> None:
    person = follower(topic)
    browser, counts = client_for(person), []
    for many in (1, 9):
        for _ in range(many):
            publish(make_webinar(topic_id=topic.id))
        run_jobs()
        browser.get("/notifications")
        with count_statements() as statements:
            browser.get("/notifications")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def summed_up(topic: Topic) -> NoteSet:
    """Published a moment ago."""
    return make_summary(topic_id=topic.id, starts_in=-timedelta(days=2)).note_set


def test_followers_hear_of_a_summary_once(
    topic: Topic, run_jobs: RunJobs, client_for: SignIn
) -> None:
    person = follower(topic)
    note_set = summed_up(topic)
    publish_notes(note_set, note_set.webinar.organisers[0].user, "Corrected")
    run_jobs()
    notices = db.session.scalars(sa.select(Notice)).all()
    browser = client_for(person)
    page = browser.get("/notifications").text

    assert [(one.user_id, one.kind) for one in notices] == [(person.id, NoticeKind.SUMMARY)]
    assert "What came out of a webinar in a topic you follow" in page
    opened = browser.get(f"/notifications/{notices[0].id}")
    assert opened.location == f"/webinars/{note_set.webinar_id}/summary"


def test_a_summary_that_was_taken_back_is_told_to_nobody(topic: Topic, run_jobs: RunJobs) -> None:
    follower(topic)
    note_set = summed_up(topic)
    with write():
        note_set.status = NotesStatus.DRAFT
    run_jobs()

    assert db.session.scalars(sa.select(Notice)).all() == []
