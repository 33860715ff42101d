"""Prepared statements outside of the session, each a transaction of its own.

For whoever asks one question and nothing else: beside a statement that takes 10 µs, the session
with its connection, BEGIN and ROLLBACK takes 200.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from app.core.db import db

CHANGES_NOTHING = SimpleNamespace(isinsert=False, isupdate=False, isdelete=False)


class Words:
    """A compiled statement and its values as the driver takes them.

    What SQLAlchemy works out at each execution is worked out here once, lists of values too.
    """

    def __init__(self, compiled: Any) -> None:
        given = compiled.construct_params(_check=False)
        state = compiled._process_parameters_for_postcompile(given)
        self.text, self._order = state.statement, state.positiontup
        self._columns = compiled._result_columns
        self._kinds = {**compiled._bind_processors, **state.processors}
        asked = {name: bind for bind, name in compiled.bind_names.items() if _is_asked(bind)}
        self._asked = list(asked.items())
        self._fixed = {
            name: self._ready(name, value) for name, value in given.items() if name not in asked
        }

    def values(self, named: dict[str, Any]) -> Any:
        """In the order of the statement, or by name, as this driver wants them."""
        found = self._fixed.copy()
        for name, bind in self._asked:
            found[name] = self._ready(name, named.get(bind.key, bind.effective_value))
        return found if self._order is None else [found[name] for name in self._order]

    def rows(self, cursor: Any, dialect: Any) -> list[tuple[Any, ...]]:
        """Each value in the type of its column."""
        readers = [
            column.type._cached_result_processor(dialect, described[1])
            for column, described in zip(self._columns, cursor.description, strict=True)
        ]
        return [
            tuple(
                value if reader is None else reader(value)
                for value, reader in zip(row, readers, strict=True)
            )
            for row in cursor.fetchall()
        ]

    def _ready(self, name: str, value: Any) -> Any:
        return self._kinds[name](value) if name in self._kinds else value


def _is_asked(bind: Any) -> bool:
    """Whether the value is another one each time. The others were written into the statement."""
    return bind.required or bind.callable is not None or not bind.unique


class Alone:
    """A connection of the pool, without the session and without transactions."""

    def __init__(self, engine: Engine, driver: Any) -> None:
        self.dialect = engine.dialect
        self._told, self._driver = engine.dispatch, driver

    def rows(self, words: Words, named: dict[str, Any]) -> list[tuple[Any, ...]]:
        values = words.values(named)
        self._tell("before_cursor_execute", words.text)
        try:
            found = words.rows(self._driver.execute(words.text, values), self.dialect)
        except self.dialect.loaded_dbapi.Error as error:
            raise _named(error, words.text, self.dialect) from error
        self._tell("after_cursor_execute", words.text)
        return found

    def _tell(self, event: str, statement: str) -> None:
        """Whoever counts and times statements hears of these too."""
        for hear in getattr(self._told, event):
            hear(None, None, statement, (), CHANGES_NOTHING, False)


def _named(error: Exception, statement: str, dialect: Any) -> Exception:
    """The error under the name that SQLAlchemy has for it."""
    base: Any = dialect.loaded_dbapi.Error
    named: Any = DBAPIError.instance(statement, None, error, base, dialect=dialect)
    return named if isinstance(named, Exception) else error


_alone: ContextVar[Alone | None] = ContextVar("alone", default=None)


def alone() -> Alone | None:
    return _alone.get()


@contextmanager
def each_alone() -> Iterator[None]:
    """Inside of it prepared statements do without the session. They only read."""
    engine = db.engine
    pooled: Any = engine.raw_connection()
    driver = pooled.driver_connection
    token = _alone.set(Alone(engine, driver))
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
