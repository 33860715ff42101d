"""Prepared statements outside of the session, each a transaction of its own.

For whoever asks one question and nothing else: beside a statement that takes 10 µs, the session
with its connection, BEGIN and ROLLBACK takes 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from app.core.db import db
from app.core.words import Words


class NeedsSession(LookupError):
    """A statement that cannot be asked by itself, as it has lists of any length in it. To ask it
    through the session would take a second connection while the first is held.
    """


class Alone:
    """A connection of the pool, without the session and without transactions."""

    def __init__(self, engine: Engine, pooled: Any) -> None:
        self.dialect = engine.dialect
        self._engine, self._pooled = engine, pooled

    def rows(self, words: Words, named: dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            return words.asked(self._engine, self._pooled, self._pooled.driver_connection, named)
        except self.dialect.loaded_dbapi.Error as error:
            raise DBAPIError(words.text, None, error) from error


_alone: ContextVar[Alone | None] = ContextVar("alone", default=None)


def alone() -> Alone | None:
    return _alone.get()


@contextmanager
def each_alone() -> Iterator[None]:
    """Inside of it prepared statements do without the session. They only read."""
    engine = db.engine
    pooled: Any = engine.raw_connection()
    driver = pooled.driver_connection
    token = _alone.set(Alone(engine, pooled))
    try:
        with _committing_by_itself(engine, driver):
            yield
    except BaseException:
        pooled.invalidate()
        raise
    finally:
        _alone.reset(token)
        pooled.close()


@contextmanager
def _committing_by_itself(engine: Engine, driver: Any) -> Iterator[None]:
    """SQLite's connections do so whenever nobody said BEGIN."""
    if engine.dialect.name == "sqlite":
        yield
        return
    driver.autocommit = True
    yield
    driver.autocommit = False
