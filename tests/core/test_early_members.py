"""What surrounds each request is there, too, when a member is told before the framework begins."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from app import create_app
from app.core.db import db
from app.core.measures import BY_SECONDS, BY_STATEMENTS, BY_STATUS, BYTES, QUERIES
from app.core.tracing import TracedRequests, trace_statements
from app.forum.models import Thread
from config import Settings
from tests.core.test_watching import fields, lines, numbers_of
from tests.forum.early import (
    LONG_WAY,
    Reader,
    address_of,
    browsers,
    framework_asked,
    people,
    reader,
    threads,
)

__all__ = ["browsers", "people", "reader", "threads"]

ROUTE = "/threads/<int:thread_id>-<slug>"
FROM_AFAR = {"REMOTE_ADDR": "198.51.100.99"}


@pytest.fixture
def address(threads: dict[str, Thread], reader: Reader) -> str:
    """Of a thread that the reader is told early."""
    found = address_of(threads["public"])
    reader.sees(found)
    assert reader.both_ways(found)[0]
    return found


class OwnApp:
    """An application of its own on the same rows, and a client that is asked within no context."""

    def __init__(self, app: Flask, reader: Reader) -> None:
        self.app, self.client = app, Client(app, use_cookies=False)
        self.cookie = f"session={reader.signed(reader.session)}"

    def ask(self, address: str, **headers: str) -> Any:
        return self.client.get(address, headers={"Cookie": self.cookie, **headers})


@pytest.fixture
def own(settings: Settings, tmp_path: Path, reader: Reader) -> Iterator[OwnApp]:
    """Every statement is a slow one here."""
    app = create_app(replace(settings, data_dir=tmp_path, slow_query_ms=0))
    yield OwnApp(app, reader)
    with app.app_context():
        db.engine.dispose()


def test_line_names_route_account_and_thread(
    reader: Reader, address: str, people: Any, threads: dict[str, Thread]
) -> None:
    found = []
    for headers in ({}, LONG_WAY):
        with lines("interurban.request") as written:
            answer = reader.ask(address, headers=headers)
        assert len(answer.headers["X-Request-ID"]) == 12
        found.append({**fields(written[0]), "ms": 0, "sql_ms": 0})

    early, late = found
    assert early == late == {
        "method": "GET", "route": ROUTE, "status": 200, "ms": 0, "sql_ms": 0, "statements": 3,
        "bytes": len(answer.data), "thread_id": threads["public"].id,
        "account": people["late"].id,
    }  # fmt: skip


def test_account_is_not_that_of_the_one_before(
    app: Flask, reader: Reader, address: str, client: FlaskClient, people: Any
) -> None:
    with lines("interurban.request") as written:
        reader.ask(address)
        client.get(address)
        reader.ask(address)

    me = people["late"].id
    assert [fields(line).get("account") for line in written] == [me, None, me]


def test_counts_are_those_of_the_framework(app: Flask, reader: Reader, address: str) -> None:
    grown = []
    for headers in ({}, LONG_WAY):
        before = numbers_of(app).get(f"route:GET {ROUTE}", [0.0] * 80)
        reader.ask(address, headers=headers)
        after = numbers_of(app)[f"route:GET {ROUTE}"]
        grown.append([a - b for a, b in zip(after, before, strict=False)])

    early, late = grown
    assert early[BY_STATUS] == late[BY_STATUS] == [1, 0, 0, 0]
    assert sum(early[BY_SECONDS]) == sum(late[BY_SECONDS]) == 1
    assert early[BY_STATEMENTS] == late[BY_STATEMENTS]
    assert early[BYTES] == late[BYTES] > 1000
    assert early[QUERIES] == late[QUERIES] == 3


def test_slow_answers_are_warnings(app: Flask, reader: Reader, address: str) -> None:
    watch = app.extensions["watch"]
    before, watch.slow_seconds = watch.slow_seconds, 0.0
    try:
        with lines("interurban.request", logging.WARNING) as written:
            reader.ask(address)
    finally:
        watch.slow_seconds = before

    assert [fields(line)["route"] for line in written] == [ROUTE]


def test_slow_statements_name_their_route(own: OwnApp, address: str) -> None:
    for _ in range(2):
        own.ask(address, **LONG_WAY)
    told = []
    for headers in ({}, LONG_WAY):
        with lines("interurban.query", logging.WARNING) as written, framework_asked(own.app) as it:
            own.ask(address, **headers)
        slow = [fields(line) for line in written]
        named = [line for line in slow if line["statement"].startswith("SELECT")]
        told.append((bool(it), [(line["route"], line["statement"]) for line in named]))

    (was_asked, early), (was_asked_then, late) = told
    assert (was_asked, was_asked_then) == (False, True)
    assert early == late
    assert len(early) == 3
    assert {route for route, _statement in early} == {f"GET {ROUTE}"}


def test_spans_are_those_of_the_framework(own: OwnApp, address: str) -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("test")
    begun: Any = Ready()
    traced: Any = TracedRequests(own.app.wsgi_app, tracer, begun)
    own.app.wsgi_app = traced  # type: ignore[method-assign]
    with own.app.app_context():
        trace_statements(db.engine, tracer)
    for _ in range(2):
        own.ask(address, **LONG_WAY)
    told = []
    for headers in ({}, LONG_WAY):
        exporter.clear()
        own.ask(address, **headers)
        spans: tuple[Any, ...] = exporter.get_finished_spans()
        *inside, whole = spans
        assert {span.parent.span_id for span in inside} == {whole.context.span_id}
        values = {**whole.attributes, "interurban.request_id": ""}
        told.append((whole.name, values, [(span.name, dict(span.attributes)) for span in inside]))

    assert told[0] == told[1]
    assert (told[0][0], len(told[0][2])) == (f"GET {ROUTE}", 3)


class Ready:
    """Nothing has to be begun: the spans stay here."""

    def begin(self) -> None: ...


def test_name_is_the_proxys(own: OwnApp, address: str) -> None:
    for _ in range(2):
        own.ask(address)
    behind = Client(ProxyFix(own.app.wsgi_app, x_for=1), use_cookies=False)
    given = {"Cookie": own.cookie, "X-Request-ID": "0123456789", "X-Forwarded-For": "203.0.113.7"}
    names = []
    for headers in (given, given | LONG_WAY):
        with framework_asked(own.app) as asked:
            names.append((behind.get(address, headers=headers).headers["X-Request-ID"], len(asked)))

    assert names == [("0123456789", 0), ("0123456789", 1)]


def test_members_do_not_use_up_what_visitors_may_ask(
    app: Flask, reader: Reader, address: str, client: FlaskClient
) -> None:
    app.config["REQUEST_LIMITS"] = True
    try:
        with framework_asked(app) as asked:
            codes = {reader.ask(address, environ_base=FROM_AFAR).status_code for _ in range(60)}
        visitor = [client.get(address, environ_base=FROM_AFAR).status_code for _ in range(51)]
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert (codes, asked) == ({200}, [])
    assert visitor == [200] * 50 + [429]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_statement_that_fails_is_left_to_the_framework(
    app: Flask, reader: Reader, address: str, failing: int
) -> None:
    wanted, count = reader.ask(address, headers=LONG_WAY).data, 0

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal count
        count += statement.startswith("SELECT")
        if count == failing:
            count += 1
            raise sa.exc.OperationalError(statement, None, Exception("gone for a moment"))

    sa.event.listen(db.engine, "before_cursor_execute", fail)
    try:
        with framework_asked(app) as asked:
            answer = reader.ask(address)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", fail)

    assert (answer.status_code, answer.data, len(asked)) == (200, wanted, 1)
    assert reader.both_ways(address)[0]


def test_readers_at_once_are_told_their_own(
    app: Flask,
    browsers: dict[str, FlaskClient],
    threads: dict[str, Thread],
) -> None:
    """Three of different rights from six threads: names, rights and tokens are each one's own."""
    places = {kind: address_of(threads[kind]) for kind in ("public", "network", "closed", "topic")}
    rights = {
        "late": {"public", "network"},
        "inside": {"public", "network", "closed"},
        "steward": {"public", "network", "topic"},
    }
    told = {name: Reader(app, browsers[name]) for name in rights}
    for name, kinds in rights.items():
        for kind in kinds:
            told[name].sees(places[kind])
    wrong: list[Any] = []
    ask = asking(app, told, places, rights, wrong)
    with framework_asked(app) as asked, ThreadPoolExecutor(6) as pool:
        list(pool.map(ask, range(180)))

    assert wrong == []
    assert len(asked) < 120


def asking(
    app: Flask,
    told: dict[str, Reader],
    places: dict[str, str],
    rights: dict[str, set[str]],
    wrong: list[Any],
) -> Callable[[int], None]:
    cookies = {name: f"session={one.signed(one.session)}" for name, one in told.items()}
    plain = Client(app, use_cookies=False)

    def ask(number: int) -> None:
        dice = random.Random(number)
        name, kind = dice.choice(list(told)), dice.choice(list(places))
        answer = plain.get(places[kind], headers={"Cookie": cookies[name]})
        names = {one for one in told if f"{one.title()} &lt;of&gt; housing" in answer.text}
        may = kind in rights[name]
        if (answer.status_code, names) != (200 if may else 404, {name}):
            wrong.append((name, kind, answer.status_code, names))

    return ask
