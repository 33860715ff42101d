"""Two processes start at once on an empty database: the tables are made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.core.db import db
from config import Settings
from tests.chaos.crew import forking
from tests.conftest import ENGINE


def start(settings: Settings) -> None:
    """As `flask db upgrade` does before `make serve` answers."""
    with create_app(settings).app_context():
        upgrade()


@pytest.fixture
def empty_database(app: Flask, tmp_path: Path) -> Iterator[str]:
    if ENGINE == "sqlite":
        yield f"sqlite:///{tmp_path}/new.db"
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as outside:
        outside.exec_driver_sql("CREATE DATABASE starting")
        yield db.engine.url.set(database="starting").render_as_string(hide_password=False)
        outside.exec_driver_sql("DROP DATABASE starting WITH (FORCE)")


def test_two_bring_the_tables_up_to_date_at_once(settings: Settings, empty_database: str) -> None:
    own = replace(settings, database_url=empty_database)
    starting = [forking.Process(target=start, args=(own,)) for _ in range(2)]
    for process in starting:
        process.start()
    for process in starting:
        process.join(240)

    assert [process.exitcode for process in starting] == [0, 0]
    engine = sa.create_engine(empty_database)
    with engine.connect() as connection:
        assert len(connection.exec_driver_sql("SELECT * FROM alembic_version").all()) == 1
        assert connection.exec_driver_sql("SELECT * FROM webinar").all() == []
    engine.dispose()
