"""Statements that are asked on every page: put together and compiled once, then only executed.

Building and hashing a statement takes longer than most databases need to answer it. A prepared
one reads columns, no entities; its values are parameters, so nothing of one reader stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from inspect import signature
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.util import identity_key

from app.core.alone import NeedsSession, alone
from app.core.db import db
from app.core.words import Words, can_be_worded, lists_asked

T = TypeVar("T")

HELD = "held_connection"
MOST_LENGTHS = 100
EVERY: list[Prepared] = []


def as_of_now(value: Callable[[], Any], kind: Any) -> Any:
    """A value that is worked out at each execution, like a moment that lies a week back."""
    return bindparam(None, callable_=value, type_=kind, unique=True)


class Prepared:
    """`@Prepared def _one(reader): return select(…)`, then `_one.rows((reader,), id=4)`."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._ready: dict[Hashable, tuple[Any, Any, list[str]]] = {}
        self._spoken: dict[Hashable, Words | None] = {}
        EVERY.append(self)

    @property
    def has_one_form(self) -> bool:
        return not signature(self._build).parameters

    def put_together(self, dialect: Any) -> None:
        """For who has one form: what the first execution would do."""
        if not self._made(dialect, ())[2]:
            self._words(dialect, (), {})

    def rows(self, kinds: tuple[Hashable, ...], **values: Any) -> list[tuple[Any, ...]]:
        """All rows for one form of the statement; `kinds` are what it is built from. Raise
        NeedsSession where it would be asked by itself and cannot.
        """
        by_itself = alone()
        if by_itself is None:
            return self._answered(_connection(db.session()), kinds, values)
        words = self._words(by_itself.dialect, kinds, values)
        if words is None:
            raise NeedsSession
        return by_itself.rows(words, values)

    def _answered(
        self, connection: Any, kinds: tuple[Hashable, ...], values: dict[str, Any]
    ) -> list[tuple[Any, ...]]:
        words = self._words(connection.dialect, kinds, values)
        if words is not None:
            return _asked(connection, words, values)
        result = self._result(connection, kinds, values)
        return cast(list[tuple[Any, ...]], result.all() if result.returns_rows else [])

    def _words(
        self, dialect: Any, kinds: tuple[Hashable, ...], values: Mapping[str, Any]
    ) -> Words | None:
        """One for each length of its lists, of which there are few; the last ones are kept."""
        _statement, compiled, lists = self._made(dialect, kinds)
        place = dialect.name, kinds, tuple(len(values[name]) for name in lists)
        spoken = self._spoken
        if place in spoken:
            return spoken[place]
        words = Words(compiled, values) if can_be_worded(compiled) else None
        if len(spoken) >= MOST_LENGTHS:
            self._spoken = spoken = {}  # another thread may still look into the old one
        spoken[place] = words
        return words

    def _made(self, dialect: Any, kinds: tuple[Hashable, ...]) -> tuple[Any, Any, list[str]]:
        ready = self._ready.get((dialect.name, kinds))
        if ready is None:
            statement = self._build(*kinds)
            compiled = statement.compile(dialect=dialect)
            lists = [bind.key for bind in lists_asked(compiled)]
            ready = self._ready[dialect.name, kinds] = statement, compiled, lists
        return ready

    def first(self, kinds: tuple[Hashable, ...], **values: Any) -> tuple[Any, ...] | None:
        return next(iter(self.rows(kinds, **values)), None)

    def change(self, kinds: tuple[Hashable, ...], **values: Any) -> None:
        """Execute what returns no rows, after all that the session has yet to send."""
        session = db.session()
        session.flush()
        self._answered(_connection(session), kinds, values)

    def _result(self, connection: Any, kinds: tuple[Hashable, ...], values: dict[str, Any]) -> Any:
        dialect = connection.dialect
        statement, compiled, _lists = self._made(dialect, kinds)
        # What Connection.execute does once it has found the compiled statement in its cache. To
        # find it there, it would walk the whole statement at each execution.
        return connection._execute_context(
            dialect,
            dialect.execution_ctx_cls._init_compiled,
            compiled,
            [values],
            statement._execution_options,
            compiled,
            [values],
            statement,
            None,
            cache_hit=CacheStats.CACHE_HIT,
            param_dict=None,
        )


def put_together(dialect: Any) -> None:
    """All statements of one form, before anybody asks. The dialect has met its database."""
    for statement in EVERY:
        if statement.has_one_form:
            statement.put_together(dialect)


def _connection(session: Any) -> Any:
    """That of the running transaction. To ask the session for it takes as long as to use it.

    Inside a savepoint the session is asked: it does not set one before.
    """
    if session.in_nested_transaction():
        return session.connection()
    held = session.info.get(HELD)
    if held is None or not held.in_transaction():
        held = session.info[HELD] = session.connection()
    return held


def _asked(connection: Any, words: Words, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    driver = connection.connection.driver_connection
    try:
        return words.asked(connection.engine, connection, driver, values)
    except connection.dialect.loaded_dbapi.Error as error:
        connection._handle_dbapi_exception(error, words.text, None, None, None)
        raise


def loaded(entity: type[T], columns: Sequence[Any], row: Sequence[Any]) -> T:
    """The entity of a row with all its columns, as if the session had loaded it."""
    session = db.session()
    there: T | None = session.identity_map.get(identity_key(entity, row[0]))
    if there is not None and not inspect(there).expired:
        return there
    if there is not None:
        session.expunge(there)
    made = entity()
    names = (column.key for column in columns)
    inspect(made).dict.update(zip(names, row, strict=True))
    make_transient_to_detached(made)
    session.add(made)
    return made


def apart(entity: type[T], columns: Sequence[Any], row: Sequence[Any]) -> T:
    """The entity of a row for reading only, without any session: it loads nothing more."""
    made = entity()
    inspect(made).dict.update(zip((column.key for column in columns), row, strict=True))
    make_transient_to_detached(made)
    return made


def attached(made: T) -> T:
    """An entity that was read `apart`, from now on the session's own."""
    session = db.session()
    there: T | None = session.identity_map.get(inspect(made).key)
    if there is not None:
        return there
    session.add(made)
    return made


def renewed(entity: type[T], columns: Sequence[Any], row: Sequence[Any]) -> T:
    """The same, and an object that is held already says from now on what the row says."""
    session = db.session()
    held: T | None = session.identity_map.get(identity_key(entity, row[0]))
    if held is None:
        return loaded(entity, columns, row)
    state = inspect(held)
    if not state.expired:
        session.expire(held)
    state.dict.update(zip((column.key for column in columns), row, strict=True))
    state._commit(state.dict, state.dict.keys() - state.unloaded)
    return held


def dialect_insert(table: Any) -> Any:
    """An INSERT that may say what happens ON CONFLICT, in the words of the running database."""
    kind = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    return kind.insert(table)
