"""A page that every visitor sees is kept under what it was made from, and is nobody's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.fragments import fragments
from app.core.generations import Generation, generations
from app.network.models import City
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

ClientFor = Callable[[User], FlaskClient]


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_second_answer_comes_from_memory(client: FlaskClient) -> None:
    first = client.get("/")
    hits = fragments().hits
    second = client.get("/")

    assert (first.status_code, second.data) == (200, first.data)
    assert fragments().hits == hits + 1


def test_every_visitor_may_keep_it(client: FlaskClient) -> None:
    headers = client.get("/").headers

    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=2, must-revalidate"
    assert headers["Vary"] == "Accept-Language, Cookie, HX-Request"
    assert "Set-Cookie" not in headers


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_what_was_seen_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


def test_change_is_seen_at_once(client: FlaskClient) -> None:
    tag = client.get("/").headers["ETag"]
    thread = make_thread(make_topic(), make_user(), title="Rent registers in practice")

    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, thread.title in again.text) == (200, True)


@pytest.mark.parametrize(
    ("name", "value"), [("Accept-Language", "de"), ("theme", "dark"), ("language", "fr")]
)
def test_languages_and_colours_are_pages_of_their_own(
    client: FlaskClient, name: str, value: str
) -> None:
    plain = client.get("/")
    client.set_cookie(name, value)
    other = client.get("/", headers={name: value})

    assert plain.headers["ETag"] != other.headers["ETag"]
    assert plain.data != other.data


def test_member_gets_a_page_of_their_own(client: FlaskClient, client_for: ClientFor) -> None:
    client.get("/")
    person = make_user(display_name="Housing officer, Utrecht")
    answer = client_for(person).get("/")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Housing officer, Utrecht" in answer.text
    assert "Housing officer, Utrecht" not in client.get("/").text


def test_part_made_for_a_visitor_has_the_tokens_of_a_member(
    client: FlaskClient, client_for: ClientFor
) -> None:
    fragments().clear()
    assert client.get("/webinars/999999").status_code == 404
    page = client_for(make_user()).get("/").text

    assert ('name="csrf_token"' in page, 'name="csrf_token" value=""' in page) == (True, False)


def test_moment_is_named_once_it_is_settled(client: FlaskClient) -> None:
    with time_machine.travel("2026-11-21T10:00:00Z", tick=False) as clock:
        make_thread(make_topic(), make_user())
        assert "Last-Modified" not in client.get("/").headers
        clock.shift(timedelta(minutes=5))
        assert client.get("/").headers["Last-Modified"] == "Sat, 21 Nov 2026 10:00:00 GMT"


@time_machine.travel("2026-11-22T09:00:00Z", tick=False)
def test_head_answers_like_get(client: FlaskClient) -> None:
    page, head = client.get("/"), client.head("/")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == page.headers["ETag"]


def test_generation_rises_once_a_commit(app: Flask) -> None:
    before = generations("network", "forum")
    with write() as session:
        for number in range(3):
            session.add(_city(f"city-{number}"))

    db.session.rollback()
    (network, changed_at), forum = generations("network", "forum")
    assert (network - before[0][0], forum) == (1, before[1])
    assert changed_at is not None
    assert utcnow() - changed_at < timedelta(minutes=1)


def test_undone_change_raises_nothing(app: Flask) -> None:
    before = generations("network")
    with pytest.raises(ZeroDivisionError), write() as session:
        session.add(_city("nowhere"))
        session.flush()
        raise ZeroDivisionError

    assert generations("network") == before


def test_what_no_page_shows_raises_nothing(app: Flask) -> None:
    person = make_user()
    before = generations("people")
    with write():
        person.locale = "sv"

    db.session.rollback()
    assert generations("people") == before


def test_names_are_rows(app: Flask) -> None:
    make_thread(make_topic(), make_user())

    assert "forum" in {row.name for row in db.session.scalars(db.select(Generation))}


def _city(slug: str) -> City:
    return City(
        slug=slug, names={"en": slug}, languages=[], country_code="NL", latitude=52, longitude=5,
        timezone="Europe/Amsterdam", created_at=utcnow(),
    )  # fmt: skip
