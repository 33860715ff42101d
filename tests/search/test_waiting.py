"""A search for what nobody has answered yet: the newest threads that wait are looked through."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.enums import Visibility
from app.forum.enums import ThreadKind
from app.search.finding import Found, asked_by, found_for
from app.search.ranking import HITS_ON_A_PAGE
from app.topics.models import Topic
from tests.factories import make_topic, make_user
from tests.factories_forum import make_reply, make_thread

ASKED = "shelter status:unanswered"


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Housing officer")


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic()


def waiting(topic: Topic, author: User, title: str, count: int = 1) -> None:
    for _ in range(count):
        make_thread(topic, author, title, body="A text.", kind=ThreadKind.QUESTION)


def found(most: int, asked: str = ASKED) -> Found:
    return found_for(asked_by(None, asked), most=most)


def titles(result: Found) -> set[str]:
    return {hit.post.title for hit in result.hits if hit.post}


def test_own_further_posts_wait_and_answered_threads_do_not(topic: Topic, author: User) -> None:
    answered = make_thread(topic, author, "A shelter, answered", kind=ThreadKind.QUESTION)
    asked = make_thread(topic, author, "Beds?", kind=ThreadKind.QUESTION)
    make_reply(answered, make_user(), "A shelter in the school.")
    make_reply(asked, author, "I mean a shelter for one night.")

    result = found(10)

    assert [(hit.post.title, hit.post.number) for hit in result.hits if hit.post] == [("Beds?", 2)]
    assert not result.is_cut


def test_more_than_fill_a_page_stop_with_the_newest(topic: Topic, author: User) -> None:
    waiting(topic, author, "An old shelter", 3)
    waiting(topic, author, "A shelter", HITS_ON_A_PAGE)

    few, all_of_them = found(HITS_ON_A_PAGE), found(HITS_ON_A_PAGE + 10)

    assert titles(few) == {"A shelter"}
    assert (len(few.rows), few.compared) == (HITS_ON_A_PAGE, HITS_ON_A_PAGE)
    assert (len(all_of_them.rows), all_of_them.is_cut) == (HITS_ON_A_PAGE + 3, False)


def test_what_only_older_threads_say_is_found_behind_them(topic: Topic, author: User) -> None:
    waiting(topic, author, "An old shelter")
    waiting(topic, author, "A kitchen", 4)

    result = found(3)

    assert titles(result) == {"An old shelter"}


def test_threads_of_others_displace_none(topic: Topic, author: User, client: FlaskClient) -> None:
    waiting(topic, author, "A shelter", 2)
    waiting(make_topic("hidden", visibility=Visibility.HIDDEN), author, "A secret shelter", 4)

    result = found(3)

    assert titles(result) == {"A shelter"}
    assert "secret" not in client.get(f"/search?q={ASKED.replace(' ', '+')}").text


def test_threads_of_other_topics_and_kinds_displace_none(topic: Topic, author: User) -> None:
    """They do not count among the newest that are looked through."""
    waiting(topic, author, "An old shelter", HITS_ON_A_PAGE)
    waiting(make_topic("housing"), author, "A shelter of housing", 2)
    make_thread(topic, author, "A shelter to talk of", kind=ThreadKind.DISCUSSION)

    result = found(HITS_ON_A_PAGE, f"{ASKED} topic:{topic.slug} kind:question")

    assert titles(result) == {"An old shelter"}
    assert (len(result.rows), result.is_cut) == (HITS_ON_A_PAGE, False)
