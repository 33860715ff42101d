"""One application per test process, a clean database per test.

`TEST_DATABASE=sqlite` (default) or `postgresql` chooses the engine for the whole run.
"""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from contextvars import Context
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.outbox import OutboxMail
from app.core.worker import run_due_jobs
from config import Settings, read_settings
from tests.chromium import chromium
from tests.databases import Database, database, migrate, one_at_a_time
from tests.nothing_skipped import pytest_make_collect_report, pytest_runtest_makereport
from tests.reading_in import read_own_part
from tests.services import fast_folder, postgresql

# Hooks of this run, and the browser that several folders share.
__all__ = ["chromium", "pytest_make_collect_report", "pytest_runtest_makereport"]

ENGINE = os.environ.get("TEST_DATABASE", "sqlite")
QUICK_HASHES: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__rounds": 1, "argon2__memory_cost": 64}
}


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """What is loaded now stays to the end: nobody looks through it for garbage again and again.

    Later, too, garbage is looked for less often: a test leaves little and goes soon.
    """
    gc.disable()
    read_own_part(session.config)
    found = yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)
    return found


class Browser(FlaskClient):
    """Each request runs in a context of its own, as in a server: no `g`, no session is shared."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        answer = Context().run(super().open, *args, **kwargs)
        db.session.rollback()  # what the test looks at next is what the request left behind
        return answer


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """An empty database of this process's own."""
    if ENGINE == "sqlite":
        with TemporaryDirectory(prefix="test-", dir=fast_folder()) as folder:
            yield f"sqlite:///{folder}/test.db"
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
            "AUTHSERV_ID": "mx.forum.example.org",
            "SECRET_KEY": "a key for tests only, of fair length",
            "DEMO": "1",
        }
    )


@pytest.fixture(scope="session")
def folder_of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def whole_app(settings: Settings, folder_of_run: Path) -> Flask:
    app = create_app(
        settings,
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        PROPAGATE_EXCEPTIONS=True,
        **QUICK_HASHES,
    )
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder_of_run), "template-%s")
    with app.app_context():
        migrate(settings.database_url, folder_of_run)
        db.engine.dispose()
    return app


@pytest.fixture(scope="session")
def rows(whole_app: Flask, settings: Settings, folder_of_run: Path) -> Iterator[Database]:
    """What empties and refills the database between tests."""
    made = database(settings.database_url, folder_of_run)
    with whole_app.app_context(), closing(made) as rows:
        yield rows


@pytest.fixture
def app(whole_app: Flask, settings: Settings, rows: Database) -> Iterator[Flask]:
    """The application on an empty, migrated database, inside an application context."""
    shutil.rmtree(settings.mail_dir, ignore_errors=True)
    with whole_app.app_context():
        rows.empty()
        yield whole_app
        db.session.rollback()


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
def demo(app: Flask, settings: Settings, rows: Database) -> Flask:
    """The application with the demo community in it; told once, then laid back."""
    files = settings.data_dir / "files"
    if not rows.restore_demo(files):
        with one_at_a_time(rows.lock):
            if not rows.restore_demo(files):
                shutil.rmtree(files, ignore_errors=True)
                answer = app.test_cli_runner().invoke(args=["demo", "load"])
                assert answer.exit_code == 0, answer.output
                rows.keep_demo(files)
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
def count_statements(app: Flask) -> Iterator[Callable[[], AbstractContextManager[list[str]]]]:
    """`with count_statements() as statements: client.get(…)`, then `len(statements)`.

    The clock stands still: pages that say "2 hours ago" are made anew each minute, and a minute
    that ends between two requests would count as a statement too many.
    """

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

    with time_machine.travel(utcnow(), tick=False):
        yield counting
