"""One application per test process, a clean database per test.

`TEST_DATABASE=sqlite` (default) or `postgresql` chooses the engine for the whole run.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import Context
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import create_app
from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import Base, db, write
from app.core.outbox import OutboxMail
from app.core.worker import run_due_jobs
from config import Settings, read_settings
from tests.nothing_skipped import pytest_make_collect_report, pytest_runtest_makereport
from tests.services import postgresql

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]  # hooks of this run

ENGINE = os.environ.get("TEST_DATABASE", "sqlite")


class Browser(FlaskClient):
    """Each request runs in a context of its own, as in a server: no `g`, no session is shared."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        answer = Context().run(super().open, *args, **kwargs)
        db.session.rollback()  # what the test looks at next is what the request left behind
        return answer


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty database of this process's own."""
    if ENGINE == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"
    elif given := os.environ.get("TEST_DATABASE_URL"):
        yield given
    else:
        with postgresql() as url:
            yield url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_settings(
        {
            "DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "DATABASE_URL": database_url,
            "BASE_URL": "http://localhost",
            "INBOUND_DOMAIN": "forum.example.org",
            "MAIL_FROM": "events@forum.example.org",
            "SECRET_KEY": "a key for tests only, of fair length",
            "DEMO": "1",
        }
    )


@pytest.fixture(scope="session")
def whole_app(settings: Settings) -> Flask:
    app = create_app(
        settings,
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        PROPAGATE_EXCEPTIONS=True,
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={"argon2__rounds": 1, "argon2__memory_cost": 64},
    )
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        if ENGINE == "sqlite":
            db.engine.dispose()
            shutil.copy(_file_of(settings), _template_of(settings))
    return app


@pytest.fixture
def app(whole_app: Flask, settings: Settings) -> Iterator[Flask]:
    """The application on an empty, migrated database, inside an application context."""
    _empty(whole_app, settings)
    shutil.rmtree(settings.mail_dir, ignore_errors=True)
    with whole_app.app_context():
        yield whole_app
        db.session.rollback()


def _empty(app: Flask, settings: Settings) -> None:
    with app.app_context():
        if ENGINE == "sqlite":
            db.engine.dispose()
            for tail in ("", "-wal", "-shm"):  # a new file: a connection left open harms nobody
                Path(f"{_file_of(settings)}{tail}").unlink(missing_ok=True)
            shutil.copy(_template_of(settings), _file_of(settings))
        else:
            _truncate()


def _truncate() -> None:
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"))
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


def _file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def _template_of(settings: Settings) -> Path:
    return _file_of(settings).with_suffix(".empty")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def client_for(app: Flask) -> Callable[[User], FlaskClient]:
    """A signed-in browser for a person, without hashing a password."""

    def sign_in(user: User) -> FlaskClient:
        with write():
            sid = open_session(user, address="127.0.0.1")
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie["_fresh"] = True
            cookie["_permanent"] = True
            cookie["sid"] = sid
            cookie["fs_paa"] = time.time()
        return browser

    return sign_in


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The application with the demo community in it."""
    answer = app.test_cli_runner().invoke(args=["demo", "load"])
    assert answer.exit_code == 0, answer.output
    return app


@pytest.fixture
def run_jobs(app: Flask) -> Callable[..., int]:
    """Do all that is queued and due, like the worker: `run_jobs()`, `run_jobs(mails=True)`.

    A job that fails raises here, so that no test passes over it.
    """

    def run(mails: bool = False) -> int:
        return run_due_jobs(mails=mails, raising=True)

    return run


@pytest.fixture
def outbox(app: Flask) -> Callable[[], list[EmailMessage]]:
    """The mails written so far, oldest first, read back by the standard parser."""

    def read() -> list[EmailMessage]:
        contents = db.session.scalars(sa.select(OutboxMail.content).order_by(OutboxMail.id))
        return [message_from_bytes(content, policy=SMTP) for content in contents]

    return read


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_statements() as statements: client.get(…)`, then `len(statements)`."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
                statements.append(statement)

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return counting
