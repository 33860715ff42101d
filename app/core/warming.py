"""Pages asked for once before web processes are forked, so that no reader waits for a first time.

The first page of a kind takes ten times as long as the next: its statements are put together, its
texts are made. Done before the fork, processes also share the memory of it.

Nothing is written, nobody is signed in, and no connection goes through the fork.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask, g
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.core.fragments import fragments
from app.core.prepared import put_together

AHEAD = {"Sec-Purpose": "prefetch"}  # so nothing is taken for read
READING = {"postgresql_readonly": True}  # SQLite's connections read as long as nobody writes

log = logging.getLogger("interurban.warming")


def warm(app: Flask, addresses: Callable[[], Iterable[str]], readers: Sequence[Any]) -> None:
    """Ask for each of these full addresses as each reader (None: a visitor). A database that is
    away, or has no tables yet, is for the first request to tell of.
    """
    try:
        for address in _begun(app, addresses):
            for reader in readers:
                _ask(app, address, reader)
    except SQLAlchemyError as error:
        log.info("no page was made ready: %s", error)
    finally:
        with app.app_context():
            db.engine.dispose()


def _begun(app: Flask, addresses: Callable[[], Iterable[str]]) -> list[str]:
    with app.app_context(), _by_ourselves():
        db.session.connection(execution_options=READING)
        put_together(db.engine.dialect)
        return list(addresses())


def _ask(app: Flask, address: str, reader: Any) -> None:
    here = app.config["BASE_URL"]
    path = address.removeprefix(here)
    with app.test_request_context(path, base_url=here, headers=AHEAD), _by_ourselves():
        db.session.connection(execution_options=READING)
        if reader is not None:
            g._login_user = reader  # where Flask-Login keeps who it found
        app.full_dispatch_request()


@contextmanager
def _by_ourselves() -> Iterator[None]:
    """Without the memory behind that processes share: its connection would go through the fork."""
    kept = fragments()
    behind, kept.behind = kept.behind, None
    try:
        yield
    finally:
        kept.behind = behind
