"""A new SQLite file: filled under another name, given its own when it is whole."""

from __future__ import annotations

import os
from pathlib import Path
from sqlite3 import Connection as Sqlite
from typing import Any

from sqlalchemy import URL, Connection, NullPool, create_engine, event, insert
from sqlalchemy.sql.expression import TableClause

from app.exchange.errors import NotMoved
from app.exchange.targets import Rows

# Nobody reads this file before it is whole, and half of one is thrown away.
PRAGMAS = (
    "locking_mode=EXCLUSIVE",
    "journal_mode=OFF",
    "synchronous=OFF",
    "foreign_keys=OFF",
    "cache_size=-64000",
    "temp_store=MEMORY",
)


class SqliteTarget:
    connection: Connection

    def __init__(self, url: URL) -> None:
        self.path = Path(url.database or "")
        if not self.path.is_absolute():
            raise NotMoved("Name the new file with its whole path: sqlite:////folder/name.db")
        self.half = self.path.with_name(f"{self.path.name}.moving")
        self.indexes: list[str] = []

    def begin(self) -> None:
        if any(_size(f"{self.path}{tail}") for tail in ("", "-wal")):
            raise NotMoved(f"{self.path} is not empty. Name a file that is not there yet.")
        if not self.path.parent.is_dir():
            raise NotMoved(f"There is no folder {self.path.parent}.")
        self._remove_half()
        engine = create_engine(f"sqlite:///{self.half}", poolclass=NullPool)
        event.listen(engine, "connect", _open)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        self.connection = engine.connect()
        self.connection.begin()

    def set_aside(self) -> None:
        own = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        for name, statement in self.connection.exec_driver_sql(own).all():
            self.connection.exec_driver_sql(f'DROP INDEX "{name}"')
            self.indexes.append(statement)

    def fill(self, table: TableClause, rows: Rows) -> None:
        names = [cell.name for cell in table.c]
        for portion in rows:
            self.connection.execute(
                insert(table), [dict(zip(names, row, strict=True)) for row in portion]
            )

    def put_back(self, numbers: dict[str, int]) -> None:
        """SQLite counts on from the highest number that is there, by itself."""
        for statement in self.indexes:
            self.connection.exec_driver_sql(statement)
        lost = self.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost:
            raise NotMoved(f"{lost[0]}: row {lost[1]} names a row of {lost[2]} that is not there.")

    def complete(self) -> None:
        self.connection.commit()
        driver: Any = self.connection.connection.driver_connection
        driver.execute("PRAGMA journal_mode=WAL")
        self.connection.close()
        _flush(self.half)
        self.half.rename(self.path)
        _flush(self.path.parent)

    def give_up(self) -> None:
        if hasattr(self, "connection"):
            self.connection.close()
            self._remove_half()

    def _remove_half(self) -> None:
        for tail in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.half}{tail}").unlink(missing_ok=True)


def _open(connection: Sqlite, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.exists(path) else 0


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
