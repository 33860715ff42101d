"""Requests that the database cut short: done again, or told so, and nothing twice."""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core.audit import AuditEntry, record
from app.core.db import db, locked, write
from app.core.second_tries import Body
from app.network.models import City
from config import Settings
from tests.core.test_db import a_city

View = Callable[[], str]


@pytest.fixture(scope="module")
def stage(settings: Settings) -> Flask:
    """An application of its own; what is played at /tried changes from test to test."""
    own = create_app(settings, WTF_CSRF_ENABLED=False, REQUEST_LIMITS=False)

    @own.route("/tried", methods=["GET", "POST"])
    def play() -> str:
        return own.extensions["play"]()

    return own


@pytest.fixture
def tried(app: Flask, stage: Flask) -> Callable[[View], FlaskClient]:
    with stage.app_context():
        db.engine.dispose()  # the database may be in another file since the last test

    def serve(view: View) -> FlaskClient:
        stage.extensions["play"] = view
        return stage.test_client()

    return serve


def cut_my_connection() -> None:
    """The server ends the connection this thread is using. SQLite has none: nothing happens."""
    if db.engine.dialect.name == "postgresql":
        pid = db.session.scalar(sa.text("SELECT pg_backend_pid()"))
        with db.engine.connect() as other:
            other.execute(sa.text(f"SELECT pg_terminate_backend({pid}, 2000)"))


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry.thing).order_by(AuditEntry.id)))


def test_two_who_wait_for_each_other_both_come_through(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    with write() as session:
        session.add_all([a_city("graz"), a_city("york")])
    both, tries = threading.Barrier(2), []

    def take_in_order() -> str:
        tries.append(request.form["order"])
        with write() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(sa.text("SET LOCAL deadlock_timeout = '50ms'"))
            for turn, slug in enumerate(request.form["order"].split()):
                city = session.scalars(locked(sa.select(City).where(City.slug == slug))).one()
                city.population += 1
                session.flush()
                if turn == 0 and len(tries) <= 2:  # the third try is the loser's second
                    wait_for_the_other(both)
        return "done"

    browser = tried(take_in_order)
    answers: list[str] = []

    def send(order: str) -> None:
        answer = browser.application.test_client().post("/tried", data={"order": order})
        answers.append(answer.text)

    threads = [threading.Thread(target=send, args=(o,)) for o in ("graz york", "york graz")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["done", "done"]
    assert db.session.scalars(sa.select(City.population)).all() == [2, 2]
    assert len(tries) == {"postgresql": 3, "sqlite": 2}[db.engine.dialect.name]


def wait_for_the_other(both: threading.Barrier) -> None:
    """Until each has its first row; SQLite has one writer, so there the other cannot come."""
    try:
        both.wait(20 if db.engine.dialect.name == "postgresql" else 0.3)
    except threading.BrokenBarrierError:
        return


def test_page_is_read_again_over_a_new_connection(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    tries = []

    def read() -> str:
        tries.append(1)
        if len(tries) == 1:
            cut_my_connection()
        return str(db.session.scalar(sa.text("SELECT 41 + 1")))

    answer = tried(read).get("/tried")

    assert (answer.status_code, answer.text) == (200, "42")
    assert len(tries) == {"postgresql": 2, "sqlite": 1}[db.engine.dialect.name]


def test_finished_page_is_sent_though_the_connection_broke_after_it(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    def read_to_the_end() -> str:
        found = str(db.session.scalar(sa.text("SELECT 41 + 1")))
        cut_my_connection()
        return found

    answers = [tried(read_to_the_end).get("/tried") for _ in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "42")] * 2


def test_form_is_taken_again_whole_when_nothing_was_kept(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    tries = []

    def keep() -> str:
        tries.append(1)
        with write():
            record(None, "test.act", request.form["what"])
            db.session.flush()
            if len(tries) == 1:
                cut_my_connection()
            record(None, "test.act", "twice")
        return request.form["long"]

    answer = tried(keep).post("/tried", data={"what": "once", "long": "word " * 9000})

    assert (answer.status_code, answer.text) == (200, "word " * 9000)
    assert acts() == ["once", "twice"]


def test_what_may_have_been_kept_is_not_sent_twice(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    def keep_then_fail() -> str:
        with write():
            record(None, "test.act", "kept")
        db.session.scalar(sa.text("SELECT 1"))
        raise locked_out()

    answer = tried(keep_then_fail).post("/tried", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert acts() == ["kept"]


def test_who_is_cut_off_while_keeping_is_told_to_look(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    long = "A text that took somebody half an hour."

    def cut_at_the_end() -> str:
        db.session.info["unsure"] = True  # as `write` notes it while it commits
        raise cut_off()

    answer = tried(cut_at_the_end).post(
        "/tried", data={"body": long}, headers={"Accept-Language": "en"}
    )

    assert answer.status_code == 503
    assert "We do not know whether your change was saved." in answer.text
    assert long in answer.text


def test_nobody_tries_for_ever(app: Flask, tried: Callable[[View], FlaskClient]) -> None:
    tries = []

    def always_locked() -> str:
        tries.append(1)
        raise locked_out()

    answer = tried(always_locked).post("/tried")

    assert (answer.status_code, len(tries)) == (503, 3)


def test_large_upload_is_not_kept_for_a_second_try(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    tries = []

    def always_locked() -> str:
        tries.append(1)
        raise locked_out()

    answer = tried(always_locked).post("/tried", data={"what": "x" * 1_100_000})

    assert (answer.status_code, len(tries)) == (503, 1)


def test_bug_in_a_statement_is_still_a_bug(
    app: Flask, tried: Callable[[View], FlaskClient]
) -> None:
    def wrong() -> str:
        return str(db.session.scalar(sa.text("SELECT no_such_column")))

    assert tried(wrong).get("/tried").status_code == 500


@pytest.mark.any_engine
def test_database_that_is_away_is_a_page_in_the_house_s_look(
    app: Flask, settings: Settings
) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    alone = create_app(replace(settings, database_url=away), WTF_CSRF_ENABLED=False)

    answer = alone.test_client().get("/cities", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.text.count("<h1>") == 1
    assert "We are back in a moment" in answer.text


def locked_out() -> OperationalError:
    """What SQLite says at once while another process repairs the file."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY_RECOVERY
    return OperationalError("BEGIN IMMEDIATE", {}, error)


def cut_off() -> OperationalError:
    return OperationalError("COMMIT", {}, Exception("gone"), connection_invalidated=True)


@pytest.mark.any_engine
def test_body_is_read_again_after_half_of_it() -> None:
    body = Body(io.BytesIO(b"abcdefgh"))

    first = body.read(3)
    body.rewind()

    assert (first, body.read(), body.read()) == (b"abc", b"abcdefgh", b"")
