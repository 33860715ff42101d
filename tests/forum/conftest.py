"""A topic, who looks after it, a thread in it, and two members."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.forum.models import Thread
from app.topics.models import Topic
from tests.factories import make_city, make_steward, make_topic, make_user
from tests.factories_forum import make_thread


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


@pytest.fixture
def steward(topic: Topic) -> User:
    person = make_user("Network coordinator")
    make_steward(topic, person)
    return person


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Human rights officer", make_city())


@pytest.fixture
def member(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def thread(topic: Topic, author: User) -> Thread:
    return make_thread(topic, author)
