"""Pages asked inside one process, without a server: statements, CPU time, and profiles.

`python -m tests.bench.inside` prints JSON for the database that the environment names.
"""

from __future__ import annotations

import cProfile
import json
import logging
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from app.accounts.models import User
from app.accounts.sessions import open_session
from app.core.db import db, write
from tests.bench.pages import MEMBER, VISITOR, Page, pages, wanted
from wsgi import app

TIMES = 15
Ask = Callable[[], Any]


def engine() -> sa.Engine:
    with app.app_context():
        return db.engine


def browsers() -> dict[str, Any]:
    """A visitor's and a member's browser; nobody is asked to slow down."""
    app.config["REQUEST_LIMITS"] = False
    logging.getLogger("interurban").setLevel(logging.ERROR)
    with app.app_context():
        member = db.session.scalars(sa.select(User).order_by(User.id)).first()
        return {VISITOR: app.test_client(), MEMBER: signed_in(member)}


def signed_in(member: Any) -> Any:
    """A browser with the session of a member, made without a password."""
    name = member.fs_uniquifier
    with write():
        sid = open_session(member, address="127.0.0.1")
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie.update(_user_id=name, _fresh=True, _permanent=True, sid=sid)
    return browser


class NoPage(Exception):
    """The address answers something else than a page."""


def asking(browser: Any, path: str) -> Ask:
    """Asks for the page at the end of its redirects. Raise NoPage."""
    address = _where(browser, path)
    return lambda: browser.get(address)


def _where(browser: Any, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    if answer.status_code != 200:
        raise NoPage(f"{path} answers {answer.status_code}")
    return str(answer.request.full_path.rstrip("?"))


def anew(browser: Any, path: str) -> Ask:
    """Asks each time under another address, so that no whole page is kept for it."""
    address = _where(browser, path)
    mark = "&" if "?" in address else "?"
    numbers = iter(range(10**9))
    return lambda: browser.get(f"{address}{mark}anew={next(numbers)}")


def measure(ask: Ask, on: sa.Engine) -> tuple[int, float]:
    """Statements of one answer and the median of CPU milliseconds, after one that warms up."""
    ask()
    with counting(on) as statements:
        ask()
    spent = []
    for _ in range(TIMES):
        began = time.process_time()
        ask()
        spent.append((time.process_time() - began) * 1000)
    return len(statements), statistics.median(spent)


@contextmanager
def counting(on: sa.Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            statements.append(statement)

    sa.event.listen(on, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(on, "before_cursor_execute", note)


def all_pages() -> list[Page]:
    with engine().connect() as connection:
        return wanted(pages(connection))


def profile(words: str, who: str, times: int = 200) -> None:
    """Print where the time of one page goes."""
    page = next((one for one in all_pages() if one.name == words or one.path == words), None)
    path = page.path if page else words
    ask = asking(browsers()[who], path)
    for _ in range(20):
        ask()
    spent = time.process_time()
    for _ in range(times):
        ask()
    spent = time.process_time() - spent
    with counting(engine()) as statements:
        ask()
    profiler = cProfile.Profile(time.process_time)
    profiler.enable()
    for _ in range(times):
        ask()
    profiler.disable()
    print(f"{path} as {who}: {spent / times * 1000:.2f} CPU ms, {len(statements)} statements")
    for statement in statements:
        print("  ", " ".join(statement.split())[:200])
    for order, title in (("tottime", "own time"), ("cumulative", "with all it calls")):
        print(f"\nSorted by {title} ({times} requests; the profiler itself slows them):")
        pstats.Stats(profiler, stream=sys.stdout).sort_stats(order).print_stats(45)


def main() -> None:
    on, asked = engine(), browsers()
    found = {}
    for page in all_pages():
        for who in page.who:
            try:
                count, spent = measure(anew(asked[who], page.path), on)
            except NoPage as error:
                raise SystemExit(f"bench: {page.name}, {who}: {error}") from None
            found[f"{page.name}, {who}"] = {"statements": count, "cpu": round(spent, 2)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
