"""The list of topics and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.forum import posting
from app.forum.posting import NewThread, text_of
from app.topics.queries import one_readable_topic
from tests.factories import make_city, make_group, make_steward, make_topic, make_user
from tests.factories_forum import make_reply, make_thread

SignIn = Callable[[User], FlaskClient]
Counter = Callable[[], AbstractContextManager[list[str]]]


def test_topics_say_what_is_in_them(client: FlaskClient) -> None:
    make_thread(make_topic(), make_user())
    make_topic("housing")

    page = client.get("/topics").text

    assert page.count('<article class="row') == 2
    assert "1 thread<span" in page
    assert "No thread yet" in page


def test_no_topic_has_a_name_that_no_database_holds(app: Flask) -> None:
    make_topic("housing")

    found = [
        db.session.scalars(one_readable_topic(None, slug)).first()
        for slug in ("hous\x00ing", "\x00", "hous\ning")
    ]

    assert found == [None] * 3


def test_no_topic_at_all(client: FlaskClient) -> None:
    assert "There is no topic yet." in client.get("/topics").text


def test_closed_topic_shows_its_name_and_who_to_ask(
    client: FlaskClient, client_for: SignIn
) -> None:
    make_topic("shelter", [make_group(make_user())], visibility=Visibility.CLOSED)

    as_visitor = client.get("/topics/shelter")
    as_member = client_for(make_user()).get("/topics/shelter")

    assert (as_visitor.status_code, as_member.status_code) == (403, 403)
    assert 'href="/sign-in?next=/topics/shelter"' in as_visitor.text
    assert "ask the network office" in as_member.text
    assert "<h1>Shelter</h1>" in as_member.text


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow_with_topics(
    client: FlaskClient, client_for: SignIn, count_statements: Counter, count: int
) -> None:
    author = make_user()
    for number in range(count):
        make_thread(make_topic(f"topic-{number}"), author)
    browser = client_for(make_user())

    assert _counted(count_statements, client, "/topics") == [5, 1]
    assert _counted(count_statements, browser, "/topics") == [5, 4]


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow_with_threads(
    client: FlaskClient, client_for: SignIn, count_statements: Counter, count: int
) -> None:
    topic = make_topic()
    for number in range(count):
        author = make_user(f"Officer {number}", make_city(f"City{number}"))
        make_reply(make_thread(topic, author, f"Thread number {number}"), make_user())
    make_steward(topic, make_user())
    browser = client_for(make_user())

    address = "/topics/covid-19-responses"
    assert _counted(count_statements, client, address) == [9, 1]
    assert _counted(count_statements, browser, address) == [8, 4]


def _counted(count_statements: Counter, who: FlaskClient, address: str) -> list[int]:
    """Statements of the first answer and of the next."""
    found = []
    for _time in ("first", "again"):
        with count_statements() as made:
            who.get(address)
        found.append(len(made))
    return found


def test_threads_come_by_thirty_pinned_first(client: FlaskClient) -> None:
    topic, author = make_topic(), make_user()
    make_thread(topic, author, "Read this first", is_pinned=True)
    with write():
        for number in range(31):
            posting.start_thread(topic, author, NewThread(f"Thread {number:02}", text_of("Text.")))

    first = client.get("/topics/covid-19-responses").text
    second = client.get("/topics/covid-19-responses?page=2").text
    beyond = client.get("/topics/covid-19-responses?page=77").text

    assert [page.count('<article class="row') for page in (first, second, beyond)] == [30, 2, 2]
    assert first.index("Read this first") < first.index("Thread 30")
    assert "Thread 00" in second
    assert 'href="/topics/covid-19-responses?page=2"' in first


def test_stewards_are_named(client: FlaskClient) -> None:
    make_steward(make_topic(), make_user("Moderator, network"))

    page = client.get("/topics/covid-19-responses").text

    assert "<li>Moderator, network</li>" in page


def test_visitors_have_no_filters_of_their_own_and_no_buttons(client: FlaskClient) -> None:
    make_topic()

    page = client.get("/topics/covid-19-responses?show=following").text

    assert "Unanswered" in page
    assert "Following" not in page
    assert "Ask a question" not in page
    assert "Nobody has asked here yet." in page


@pytest.mark.parametrize("wrong", ["?show=x", "?show=new&show=all", "?page=-1", "?show=%00%ff"])
def test_odd_filters_show_something(client_for: SignIn, wrong: str) -> None:
    make_topic()

    assert client_for(make_user()).get(f"/topics/covid-19-responses{wrong}").status_code == 200


def test_empty_filter_says_so(client_for: SignIn) -> None:
    make_topic()

    page = client_for(make_user()).get("/topics/covid-19-responses?show=following").text

    assert "You follow nothing here yet." in page


def test_applicant_reads_like_a_visitor(client: FlaskClient) -> None:
    make_topic("inside", visibility=Visibility.NETWORK)

    assert client.get("/topics/inside").status_code == 404
