"""Every table as plain typed columns: read in the order of its key, the same from both engines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Enum,
    Float,
    Select,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    collate,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.sql.expression import TableClause
from sqlalchemy.types import TypeEngine

from app.core.db import Base

PORTION = 500


class JsonText(TypeDecorator[str]):
    """JSON letter by letter: JSON's null stays apart from an empty cell, keys keep their order."""

    impl = Text
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return cast(column, Text)


class PlainFloat(TypeDecorator[float]):
    """SQLite knows no negative zero, so nobody reads one."""

    impl = Float
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return column + literal_column("0.0")


@dataclass
class Fingerprint:
    """How many rows a table has and what all of them say, whichever engine tells it."""

    count: int = 0
    sum: Any = field(default_factory=lambda: blake2b(digest_size=16))

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        self.count += len(rows)
        for row in rows:
            self.sum.update(repr(tuple(row)).encode())

    def __str__(self) -> str:
        return f"{self.count}:{self.sum.hexdigest()}"

    @classmethod
    def of_all(cls, known: dict[str, Fingerprint]) -> str:
        """One word for the contents of all tables."""
        whole = cls()
        whole.add([(name, str(one)) for name, one in sorted(known.items())])
        return str(whole.sum.hexdigest())


def tables() -> list[Table]:
    """Those of the models. The search index is not among them: triggers make it anew."""
    return Base.metadata.sorted_tables


def plain(model: Table) -> TableClause:
    """Enums as words, JSON as text: what is there is carried, not understood."""
    return table(model.name, *(column(one.name, _plain_type(one)) for one in model.columns))


def count_rows(connection: Connection) -> int:
    counts = (select(func.count()).select_from(plain(model)) for model in tables())
    return sum(connection.scalar(count) or 0 for count in counts)


def portions(connection: Connection, model: Table) -> Iterator[Sequence[Sequence[Any]]]:
    """All rows, a few hundred in memory at a time."""
    statement = _in_order(connection, model)
    yield from connection.execute(statement, execution_options={"yield_per": PORTION}).partitions()


def _plain_type(one: Column[Any]) -> TypeEngine[Any]:
    if isinstance(one.type, JSON):
        return JsonText()
    if isinstance(one.type, Enum):
        return String()
    return PlainFloat() if isinstance(one.type, Float) else one.type


def _in_order(connection: Connection, model: Table) -> Select[*tuple[Any, ...]]:
    """By the primary key; words by their bytes, as SQLite does, not by a country's rules."""
    cells = plain(model).c
    by_bytes = connection.dialect.name == "postgresql"
    keys = [
        collate(cells[key.name], "C")
        if by_bytes and isinstance(key.type, String)
        else cells[key.name]
        for key in model.primary_key
    ]
    return select(*cells).order_by(*keys)
