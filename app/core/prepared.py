"""Statements that are asked on every page: put together and compiled once, then only executed.

Building and hashing a statement takes longer than most databases need to answer it. A prepared
one reads columns, no entities; its values are parameters, so nothing of one reader stays in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import bindparam, inspect
from sqlalchemy.engine.interfaces import CacheStats
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.core.db import db

T = TypeVar("T")


def as_of_now(value: Callable[[], Any], kind: Any) -> Any:
    """A value that is worked out at each execution, like a moment that lies a week back."""
    return bindparam(None, callable_=value, type_=kind, unique=True)


class Prepared:
    """`@Prepared def _one(reader): return select(…)`, then `_one.rows((reader,), id=4)`."""

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._ready: dict[Hashable, tuple[Any, Any]] = {}

    def rows(self, kinds: tuple[Hashable, ...], **values: Any) -> list[tuple[Any, ...]]:
        """All rows for one form of the statement; `kinds` are what it is built from."""
        connection: Any = db.session.connection()
        dialect = connection.dialect
        ready = self._ready.get((dialect.name, kinds))
        if ready is None:
            statement = self._build(*kinds)
            ready = self._ready[dialect.name, kinds] = (
                statement,
                statement.compile(dialect=dialect),
            )
        statement, compiled = ready
        # What Connection.execute does once it has found the compiled statement in its cache. To
        # find it there, it would walk the whole statement at each execution.
        found = connection._execute_context(
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
        return cast(list[tuple[Any, ...]], found.all())

    def first(self, kinds: tuple[Hashable, ...], **values: Any) -> tuple[Any, ...] | None:
        return next(iter(self.rows(kinds, **values)), None)


def loaded(entity: type[T], columns: Sequence[Any], row: Sequence[Any]) -> T:
    """The entity of a row with all its columns, as if the session had loaded it."""
    session = db.session()
    there: T | None = session.identity_map.get(identity_key(entity, row[0]))
    if there is not None and not inspect(there).expired:
        return there
    if there is not None:
        session.expunge(there)
    made = entity()
    for column, value in zip(columns, row, strict=True):
        set_committed_value(made, column.key, value)
    make_transient_to_detached(made)
    session.add(made)
    return made
