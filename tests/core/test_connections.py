"""Connections to PostgreSQL: so many, and none waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from click import Command, Context
from flask import Flask

from app import create_app
from app.core.connections import engine_options, patient
from app.core.db import db, write
from config import Settings, WrongSetting, read_settings

POSTGRESQL = "postgresql+psycopg://somebody@db.example.org/forum"


def options(settings: Settings, url: str = POSTGRESQL, **changes: Any) -> dict[str, object]:
    return engine_options(replace(settings, database_url=url, **changes))


@pytest.mark.any_engine
def test_pool_has_the_size_that_was_asked_for(settings: Settings) -> None:
    chosen = options(settings, database_connections=17)

    assert (chosen["pool_size"], chosen["max_overflow"], chosen["pool_timeout"]) == (17, 2, 10)
    assert "pool_pre_ping" not in chosen


@pytest.mark.any_engine
def test_address_wins_over_our_defaults(settings: Settings) -> None:
    given = "?connect_timeout=30&application_name=forum-2&options=-c statement_timeout=5min"
    arguments = options(settings, POSTGRESQL + given)["connect_args"]

    assert isinstance(arguments, dict)
    assert arguments.keys() & {"connect_timeout", "application_name"} == set()
    assert str(arguments["options"]).endswith(" -c statement_timeout=5min")


@pytest.mark.any_engine
@pytest.mark.parametrize("read", ["0", "501", "many"])
def test_wrong_number_of_connections_stops_the_start(read: str) -> None:
    with pytest.raises(WrongSetting, match="DATABASE_CONNECTIONS"):
        read_settings({"DATABASE_CONNECTIONS": read})


@pytest.fixture
def fresh(app: Flask, settings: Settings) -> Iterator[Flask]:
    """An application of its own: it is no command that a person typed."""
    own = create_app(settings)
    with own.app_context():
        yield own
        db.session.remove()
        db.engine.dispose()


LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def limits() -> list[str]:
    """What the server says; SQLite has no such limits."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        return []
    return [str(db.session.scalar(sa.text(f"SHOW {name}"))) for name in LIMITS]


def test_each_connection_has_limits(fresh: Flask) -> None:
    expected = {"sqlite": [], "postgresql": ["30s", "8s", "1min"]}

    assert limits() == expected[db.engine.dialect.name]


def test_commands_and_jobs_wait_for_long_statements(fresh: Flask) -> None:
    expected = {"sqlite": [], "postgresql": ["0", "8s", "1min"]}[db.engine.dialect.name]
    with Context(Command("rebuild")):
        typed = limits()
    token = patient.set(True)
    worked = limits()
    patient.reset(token)

    assert (typed, worked) == (expected, expected)
    assert limits()[:1] == (["30s"] if expected else [])


def test_server_keeps_the_plans_of_statements_from_one_reader_to_the_next(fresh: Flask) -> None:
    asked = sa.text("SELECT count(*) FROM generation WHERE name = :name")
    for _ in range(12):
        db.session.execute(asked, {"name": "forum"})
        db.session.remove()
    if db.engine.dialect.name == "postgresql":
        kept = sa.text("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        assert db.session.scalar(kept) >= 7  # the driver prepares what it was asked five times


def test_reading_refuses_to_write_and_writing_does_not(fresh: Flask) -> None:
    with write() as session:
        session.execute(sa.text("UPDATE job SET attempts = 0"))
    with pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        db.session.execute(sa.text("UPDATE job SET attempts = 0"))
    db.session.rollback()
