"""Very many rows at once, for filling a database in minutes: benchmarks and imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select, text

from app.core.db import Base, db

PORTION = 1000


def next_id(table: type[Base]) -> int:
    """The number after the highest one there is. Call it inside `write()`."""
    number = table.__table__.c.id
    return (db.session.scalar(select(func.max(number))) or 0) + 1


def stock(table: type[Base], rows: Iterable[dict[str, Any]]) -> Iterator[int]:
    """Insert rows as they are, in portions; yield how many each portion had.

    Numbers may be given: afterwards `follow_numbers` lets PostgreSQL go on behind them.
    """
    waiting = iter(rows)
    while portion := list(islice(waiting, PORTION)):
        db.session.execute(insert(table.__table__), portion)  # type: ignore[arg-type]
        yield len(portion)


def follow_numbers(table: type[Base]) -> None:
    """PostgreSQL counts by a sequence of its own; SQLite looks at the table."""
    if db.session.get_bind().dialect.name == "postgresql":
        name = table.__tablename__
        highest = f'(SELECT coalesce(max(id), 1) FROM "{name}")'
        sequence = f"pg_get_serial_sequence('\"{name}\"', 'id')"
        db.session.execute(text(f"SELECT setval({sequence}, {highest})"))
