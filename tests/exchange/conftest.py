"""Databases to move to, and applications that stand on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app import create_app
from app.core.db import db
from config import Settings
from tests.conftest import Browser
from tests.services import postgresql

_numbers = count(1)
NewDatabase = Callable[[], str]
On = Callable[[str], Flask]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as url:
        yield url


@pytest.fixture
def new_postgresql(server: str) -> NewDatabase:
    """Each call makes an empty database."""

    def make() -> str:
        name = f"moved{next(_numbers)}"
        with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as rows:
            rows.execute(f"CREATE DATABASE {name}")
        return server.replace("@/postgres", f"@/{name}")

    return make


@pytest.fixture
def new_sqlite(tmp_path: Path) -> NewDatabase:
    return lambda: f"sqlite:///{tmp_path}/moved{next(_numbers)}.db"


@pytest.fixture
def on(settings: Settings, app: Flask) -> Iterator[On]:
    """The application of this test, on another database."""
    with ExitStack() as after:

        def make(url: str) -> Flask:
            other = create_app(
                replace(settings, database_url=url),
                TESTING=True,
                WTF_CSRF_ENABLED=False,
                PROPAGATE_EXCEPTIONS=True,
            )
            other.test_client_class = Browser
            with other.app_context():
                after.callback(db.engine.dispose)
            return other

        yield make


def move(source: Flask, target: str, *more: str) -> Result:
    """Run the command; the connections of this process are closed first."""
    with source.app_context():
        db.engine.dispose()
        return source.test_cli_runner().invoke(args=["db-move", target, *more])


def moved(source: Flask, target: str, *more: str) -> str:
    """Run the command, which must succeed; return what it says of the contents."""
    answer = move(source, target, *more)
    assert answer.exit_code == 0, answer.output
    return next(line for line in answer.output.splitlines() if line.startswith("Contents: "))


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]
