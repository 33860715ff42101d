"""One number a domain: it grows with each commit that changes what its pages show.

A page kept under the generations it was made from is right by its key, never by time. Read them
before the rows of the page: then what is kept is never older than its key says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import UTCDateTime, utcnow
from app.core.db import Base, before_commit
from app.core.prepared import Prepared, dialect_insert

CHANGED, ADDED = "changed_domains", "added_to"
SET_COLUMN = re.compile(r'"?(\w+)"?\s*=')


class Generation(Base):
    """How often a domain changed, and when it last did."""

    __tablename__ = "generation"

    name: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    value: Mapped[int] = mapped_column(sa.BigInteger)
    changed_at: Mapped[datetime]


def generations(*names: str) -> tuple[tuple[int, datetime | None], ...]:
    """(value, when it last changed) of each name, or of all that are, in one statement.

    Never changed: (0, None).
    """
    rows = _all.rows(())
    found = {name: (value, changed_at) for name, value, changed_at in rows}
    return tuple(found.get(name, (0, None)) for name in names or sorted(found))


def generation_columns(*names: str) -> tuple[Any, ...]:
    """The same values as columns of a statement that reads more; 0 for what never changed."""
    one = sa.select(Generation.value).correlate(None)
    return tuple(
        sa.func.coalesce(one.where(Generation.name == name).scalar_subquery(), 0) for name in names
    )


def last_change(*names: str) -> Any:
    """When any of these last changed, as a column. None: never."""
    latest = sa.select(sa.func.max(Generation.changed_at)).where(Generation.name.in_(names))
    return latest.correlate(None).scalar_subquery()


@Prepared
def _all() -> sa.Select[str, int, datetime]:
    """Ten rows at most: all of them are one page of the database."""
    return sa.select(Generation.name, Generation.value, Generation.changed_at)


def watch(
    engine: Engine,
    domains: Mapping[str, str],
    quiet: Mapping[str, frozenset[str]],
    lasting: Mapping[str, tuple[str, frozenset[str]]],
) -> None:
    """Note which domains a transaction changes. `domains`: table name to generation name.

    `quiet`: columns of a table that no kept page shows; an UPDATE of only these is no change.
    `lasting`: by table a further generation, of what its older rows add up to. It grows where rows
    go, one of these columns is set, or several rows are added in one transaction.
    """

    @event.listens_for(engine, "after_cursor_execute")
    def note(connection: Connection, cursor: Any, sql: str, *rest: Any) -> None:
        context = rest[1]
        if not (context.isinsert or context.isupdate or context.isdelete):
            return
        table = context.compiled.statement.table.name
        if table not in domains or _hit_nothing(cursor, context):
            return
        if context.isupdate and table in quiet and columns_set(sql) <= quiet[table]:
            return
        changed = connection.info.setdefault(CHANGED, set())
        changed.add(domains[table])
        further, columns = lasting.get(table, ("", frozenset()))
        is_set = context.isupdate and bool(columns_set(sql) & columns)
        if further and (context.isdelete or is_set or _adds_more(connection, context, further)):
            changed.add(further)


def _adds_more(connection: Connection, context: Any, further: str) -> bool:
    """More than one row in a transaction."""
    if not context.isinsert:
        return False
    added = connection.info.setdefault(ADDED, set())
    is_first = further not in added
    added.add(further)
    return bool(context.executemany) or not is_first


def _hit_nothing(cursor: Any, context: Any) -> bool:
    """Databases know this early only of statements that return no rows."""
    return cursor.rowcount == 0 and not context.compiled.effective_returning


@lru_cache(maxsize=512)
def columns_set(sql: str) -> frozenset[str]:
    """The names between SET and WHERE of an UPDATE."""
    between = sql.partition(" SET ")[2].partition(" WHERE ")[0]
    return frozenset(SET_COLUMN.findall(between))


@before_commit
def raise_changed(session: Session) -> None:
    """The last thing a transaction does, so that others wait for these rows as short as can be."""
    noted = session.connection().info
    noted.pop(ADDED, None)
    changed = noted.pop(CHANGED, None)
    if changed:
        _raised.change(tuple(sorted(changed)), now=utcnow())


@Prepared
def _raised(*names: str) -> Any:
    now = sa.bindparam("now", type_=UTCDateTime())
    rows = [{"name": name, "value": 1, "changed_at": now} for name in names]
    return (
        dialect_insert(Generation)
        .values(rows)
        .on_conflict_do_update(
            index_elements=[Generation.name],
            set_={"value": Generation.value + 1, "changed_at": now},
        )
    )
