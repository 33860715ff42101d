"""What is answered before the framework begins says what the framework would say."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request_started
from flask.testing import FlaskClient

from app.core.alone import each_alone
from app.core.db import db, write
from app.core.fragments import fragments
from app.core.generations import generations
from app.core.slugs import slugify
from app.forum.glancing import visitor_basis
from app.forum.models import Thread
from tests.factories import make_topic, make_user
from tests.factories_forum import make_thread

LONG_WAY = {"Authorization": "Basic x"}
"""Nothing here reads it, and so the framework is asked."""

FROM_AFAR = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def address(app: Flask, client: FlaskClient) -> str:
    """Of a page that was answered once."""
    thread = make_thread(make_topic(), make_user(), title="Rent registers in practice")
    found = f"/threads/{thread.id}-{slugify(thread.title)}"
    assert client.get(found).status_code == 200
    return found


@contextmanager
def framework_asked(app: Flask) -> Iterator[list[str]]:
    """What the framework was asked for."""
    asked: list[str] = []

    def note(sender: Flask, **_: Any) -> None:
        asked.append(sender.name)

    with request_started.connected_to(note, app):
        yield asked


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_says_what_the_framework_says(
    app: Flask, client: FlaskClient, address: str, method: str
) -> None:
    with framework_asked(app) as asked:
        early = client.open(address, method=method)
        assert asked == []
        late = client.open(address, method=method, headers=LONG_WAY)
        assert len(asked) == 1

    assert (early.status, early.data) == (late.status, late.data)
    assert heads(early) == heads(late)
    assert len(early.data) == (0 if method == "HEAD" else int(early.headers["Content-Length"]))


def test_unchanged_page_is_not_sent(app: Flask, client: FlaskClient, address: str) -> None:
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    with framework_asked(app) as asked:
        early = client.get(address, headers=known)
        assert asked == []
    late = client.get(address, headers=known | LONG_WAY)

    assert (early.status, early.data) == (late.status, late.data) == ("304 NOT MODIFIED", b"")
    assert heads(early) == heads(late)


def test_one_statement_is_read_each_time(
    client: FlaskClient,
    address: str,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    with count_statements() as statements:
        client.get(address)

    assert len(statements) == 1


def test_page_that_is_made_anew_asks_as_often_as_the_first_time(
    client: FlaskClient,
    address: str,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    counts = []
    for headers in ({}, LONG_WAY):
        fragments().clear()
        with count_statements() as statements:
            client.get(address, headers=headers)
        counts.append(len(statements))

    assert counts[0] == counts[1] > 1


def test_hidden_thread_is_gone_at_once(app: Flask, client: FlaskClient, address: str) -> None:
    with write():
        thread = db.session.scalars(db.select(Thread)).one()
        thread.deleted_at = sa.func.now()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["session", "remember_token"])
def test_who_may_be_signed_in_is_left_to_the_framework(
    app: Flask, client: FlaskClient, address: str, name: str
) -> None:
    client.set_cookie(name, "x")
    with framework_asked(app) as asked:
        client.get(address)

    assert len(asked) == 1


def test_parts_of_pages_are_left_to_the_framework(
    app: Flask, client: FlaskClient, address: str
) -> None:
    with framework_asked(app) as asked:
        client.get(address, headers={"HX-Request": "true"})

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("Accept-Language", "de"), ("theme", "dark"), ("language", "fr")]
)
def test_languages_and_colours_are_kept_apart(
    app: Flask, client: FlaskClient, address: str, name: str, value: str
) -> None:
    plain = client.get(address)
    client.set_cookie(name, value)
    first = client.get(address, headers={name: value})
    with framework_asked(app) as asked:
        again = client.get(address, headers={name: value})
        assert asked == []

    assert again.data == first.data
    assert plain.data != first.data


def test_who_asks_too_often_is_told_so(app: Flask, client: FlaskClient, address: str) -> None:
    app.config["REQUEST_LIMITS"] = True
    try:
        codes = [client.get(address, environ_base=FROM_AFAR).status_code for _ in range(51)]
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert codes == [200] * 50 + [429]


def test_log_names_the_route(
    client: FlaskClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "interurban.request"):
        answer = client.get(address)

    (record,) = caplog.records
    assert isinstance(record.args, dict)
    assert record.args["route"] == "/threads/<int:thread_id>-<slug>"
    assert (record.args["status"], record.args["statements"]) == (200, 1)
    assert record.args["bytes"] == len(answer.data)


def test_statement_alone_finds_what_one_in_the_session_finds(app: Flask, address: str) -> None:
    thread_id = db.session.scalars(db.select(Thread.id)).one()
    together = visitor_basis(thread_id), generations()
    with each_alone():
        alone = visitor_basis(thread_id), generations()

    assert alone == together
    assert alone[0][0] != ()


def test_connection_is_whole_after_an_error(app: Flask, client: FlaskClient, address: str) -> None:
    with pytest.raises(ZeroDivisionError), each_alone():
        raise ZeroDivisionError

    assert client.get(address).status_code == 200
    with write():
        db.session.scalars(db.select(Thread)).one().title = "Another title"
    assert client.get(address, headers=LONG_WAY).status_code == 301


def heads(answer: Any) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in answer.headers if name != "X-Request-ID")
