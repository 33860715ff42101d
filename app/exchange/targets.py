"""What a new database is asked to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.sql.expression import TableClause

Rows = Iterable[Sequence[Sequence[Any]]]


class Target(Protocol):
    """One transaction: nothing is there before `complete`, nothing stays without it."""

    connection: Connection

    def begin(self) -> None:
        """Open an empty database. Raise NotMoved for any other."""

    def set_aside(self) -> None:
        """Take away what is made faster once all rows are there."""

    def fill(self, table: TableClause, rows: Rows) -> None: ...

    def put_back(self, numbers: dict[str, int]) -> None:
        """Indexes, references between rows, and the number each table goes on from."""

    def complete(self) -> None: ...

    def give_up(self) -> None: ...
