"""Making topics and giving rights in them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import db, write
from app.core.enums import Visibility
from app.topics.curating import NewTopic, appoint_steward, create_topic, grant
from app.topics.errors import TopicExists
from app.topics.permissions import (
    NONE,
    READ_ONLY,
    Rights,
    can_reply_in,
    can_start_thread,
    is_steward,
    rights_in,
)
from app.topics.queries import topic_by_id
from tests.factories import make_group, make_topic, make_user


def test_topics_number_themselves(app: Flask) -> None:
    with write():
        numbers = [
            create_topic(NewTopic(slug, {"en": slug}, number=number)).number
            for slug, number in (("housing", None), ("budget", 7), ("youth", None))
        ]

    assert numbers == [1, 7, 8]


def test_address_of_a_topic_is_taken_once(app: Flask) -> None:
    make_topic("housing")

    with pytest.raises(TopicExists), write():
        create_topic(NewTopic("housing", {"en": "Housing"}))


def test_grants_add_up(app: Flask) -> None:
    person = make_user()
    readers, writers = make_group(person, slug="readers"), make_group(person, slug="writers")
    topic = make_topic(visibility=Visibility.HIDDEN)
    before = rights_in(person, topic)
    with write():
        grant(topic, readers, can_reply=False, can_start=False)
    reading = rights_in(person, topic)
    with write():
        grant(topic, writers, can_start=False)
    writing = rights_in(person, topic)

    assert (before, reading) == (NONE, READ_ONLY)
    assert writing == Rights(can_read=True, can_reply=True, can_start=False, is_steward=False)


def test_who_may_start_may_reply(app: Flask) -> None:
    person = make_user()
    topic, group = make_topic(visibility=Visibility.CLOSED), make_group(person)
    with write():
        grant(topic, group, can_reply=False, can_start=True)

    assert (can_reply_in(person, topic), can_start_thread(person, topic)) == (True, True)


def test_second_grant_replaces_the_first(app: Flask) -> None:
    person = make_user()
    topic, group = make_topic(visibility=Visibility.CLOSED), make_group(person)
    with write():
        grant(topic, group)
        grant(topic, group, can_reply=False, can_start=False)

    assert rights_in(person, topic) == READ_ONLY


def test_steward_is_appointed_once(app: Flask) -> None:
    person, topic = make_user(), make_topic(visibility=Visibility.HIDDEN)
    with write():
        appoint_steward(topic, person)
        appoint_steward(topic, person)

    assert is_steward(person, topic)
    assert db.session.scalars(topic_by_id(topic.id)).one() is topic


def test_visitors_and_applicants_write_nowhere(app: Flask) -> None:
    public, inside = make_topic(), make_topic("inside", visibility=Visibility.NETWORK)
    applicant = make_user(approved_at=None)

    rights = [
        rights_in(person, topic) for person in (None, applicant) for topic in (public, inside)
    ]

    assert rights == [READ_ONLY, NONE, READ_ONLY, NONE]
