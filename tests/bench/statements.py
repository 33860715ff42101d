"""SQL statements of each page of the forum on the large data set, against what we allow.

`python -m tests.bench.statements` loads 20,000 threads with 200,000 posts once into `var/bench`,
prints a table with the time spent in the process, and exits 1 when a page needs too many.
"""

from __future__ import annotations

import importlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import db, write
from config import ROOT

WHERE = Path(os.environ.get("BENCH_DIR") or ROOT / "var" / "bench")
TIMES = 7
SIGNED_IN, ANYBODY = "member", "visitor"
LENGTHS = (1, 30, 5_000)
MOST = {"thread": {SIGNED_IN: 8, ANYBODY: 5}, "list": {SIGNED_IN: 8, ANYBODY: 8}}


def load() -> None:
    """The data set, unless it is there."""
    if (WHERE / "interurban.db").exists():
        return
    environment = {**os.environ, "DATA_DIR": str(WHERE)}
    for command in (["db", "upgrade"], ["bench", "load"]):
        flask = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True)


def pages(connection: sa.Connection) -> Iterator[tuple[str, str, str]]:
    """Name, kind and address of each page."""
    for length in LENGTHS:
        nearest = sa.text("SELECT id FROM thread ORDER BY abs(last_number - :length), id LIMIT 1")
        thread_id = connection.scalar(nearest, {"length": length})
        yield f"thread of {length}", "thread", f"/threads/{thread_id}"
    pages = (LENGTHS[-1] - 5) // 20
    yield "its last page", "thread", f"/threads/{thread_id}?page={pages}"
    slug = connection.scalar(sa.text("SELECT slug FROM topic ORDER BY id LIMIT 1"))
    yield "home", "list", "/"
    yield "topics", "list", "/topics"
    yield "topic", "list", f"/topics/{slug}"
    yield "topic, page 20", "list", f"/topics/{slug}?page=20"
    yield "all threads", "list", "/threads"
    yield "new for me", "list", "/threads?show=new"
    yield "unanswered", "list", "/threads?show=unanswered"
    yield "search, common word", "list", "/search?q=housing"
    yield "search, rare words", "list", "/search?q=equality+registers+disagree"


def main() -> int:
    load()
    os.environ["DATA_DIR"] = str(WHERE)
    app = importlib.import_module("wsgi").app  # it reads DATA_DIR at its import
    app.config["REQUEST_LIMITS"] = False
    with app.app_context():
        engine = db.engine
        member = db.session.scalars(sa.select(User).order_by(User.id)).first()
        browsers = {ANYBODY: app.test_client(), SIGNED_IN: signed_in(app, member)}
    return 1 if report(engine, browsers) else 0


def report(engine: sa.Engine, browsers: dict[str, Any]) -> list[str]:
    """Print the table; return the pages that need too many statements."""
    with engine.connect() as connection:
        found = list(pages(connection))
    print(f"{'page':22} {'who':8} {'statements':>10} {'allowed':>8} {'median ms':>10}")
    wrong = []
    for name, kind, path in found:
        for who, browser in browsers.items():
            count, spent = measure(browser, path, engine)
            allowed = MOST[kind][who]
            print(f"{name:22} {who:8} {count:>10} {allowed:>8} {spent:>10.1f}")
            wrong += [f"{name} as {who}"] if count > allowed else []
    print(
        "Too many statements: " + ", ".join(wrong) if wrong else "Every page is within its limit."
    )
    return wrong


def signed_in(app: Any, member: Any) -> Any:
    """A browser with the session of a member, made without a password."""
    name = member.fs_uniquifier
    with write():
        sid = open_session(member, address="127.0.0.1")
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update(_user_id=name, _fresh=True, _permanent=True, sid=sid)
    return browser


def measure(browser: Any, path: str, engine: sa.Engine) -> tuple[int, float]:
    """Statements of one answer and the median of milliseconds, after one that warms up."""
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code)
    address = answer.request.full_path.rstrip("?")
    with counting(engine) as statements:
        browser.get(address)
    spent = []
    for _ in range(TIMES):
        began = time.process_time()
        browser.get(address)
        spent.append((time.process_time() - began) * 1000)
    return len(statements), statistics.median(spent)


@contextmanager
def counting(engine: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    sys.exit(main())
