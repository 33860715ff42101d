"""The database that is left: one read transaction, and whether anybody else is in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection as Sqlite

from alembic.migration import MigrationContext
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    NullPool,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import OperationalError

from app.core.clock import utcnow
from app.core.heartbeat import WorkerHeartbeat
from app.exchange.errors import NotMoved
from app.exchange.schema import newest_version
from app.exchange.tables import plain, tables

ALIVE = timedelta(minutes=1)
ADVICE = (
    "Stop the web processes and workers first, or say --anyway:"
    " what they write meanwhile stays behind."
)
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    " AND coalesce(backend_type, 'client backend') = 'client backend'"
)
GIVEN = text(
    "SELECT tablename, pg_sequence_last_value(pg_get_serial_sequence(quote_ident(tablename), 'id'))"
    " FROM pg_tables JOIN information_schema.columns"
    " ON table_schema = schemaname AND table_name = tablename AND column_name = 'id'"
    " WHERE schemaname = current_schema()"
)


@contextmanager
def reading(url: URL, anyway: bool) -> Iterator[Connection]:
    """One state of everything, however long it takes to read. Raise NotMoved if it is in use.

    Without `anyway` nobody else is connected: SQLite's file is held alone until the end.
    """
    engine = _sqlite(url, alone=not anyway) if url.drivername == "sqlite" else _postgresql(url)
    with _connected(engine) as connection:
        _check_version(connection)
        if not anyway:
            _check_alone(connection)
        yield connection


def last_numbers(connection: Connection) -> dict[str, int]:
    """The highest number each table ever gave, so that no number is given twice."""
    numbered = [model for model in tables() if "id" in model.c]
    highest = {
        model.name: connection.scalar(select(func.max(plain(model).c.id))) or 0
        for model in numbered
    }
    if connection.dialect.name == "postgresql":
        for name, number in connection.execute(GIVEN):
            highest[name] = max(number or 0, highest.get(name, 0))
    return highest


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with ExitStack() as open_until_the_end:
        try:
            connection = open_until_the_end.enter_context(engine.connect())
            connection.begin()
        except OperationalError as error:
            if "database is locked" in str(error.orig):
                raise NotMoved(f"Something else has the database open. {ADVICE}") from error
            raise
        yield connection


def _sqlite(url: URL, alone: bool) -> Engine:
    if not Path(url.database or "").is_file():
        raise NotMoved(f"{url} is not there: nothing to move.")
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 2})

    def opened(connection: Sqlite, _record: object) -> None:
        connection.isolation_level = None
        if alone:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN EXCLUSIVE" if alone else "BEGIN")
        connection.exec_driver_sql("PRAGMA query_only=ON")

    event.listen(engine, "connect", opened)
    event.listen(engine, "begin", begun)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")

    event.listen(engine, "begin", begun)
    return engine


def _check_version(connection: Connection) -> None:
    here, newest = MigrationContext.configure(connection).get_current_revision(), newest_version()
    if here != newest:
        said = f"has the tables of version {here}" if here else "has no tables of ours"
        raise NotMoved(
            f"The database {said}, this program those of {newest}: run `flask db upgrade`."
        )


def _check_alone(connection: Connection) -> None:
    beats = select(func.count()).where(WorkerHeartbeat.at > utcnow() - ALIVE)
    if workers := connection.scalar(beats):
        raise NotMoved(f"Signs of life within the last minute: {workers}. {ADVICE}")
    if connection.dialect.name == "postgresql" and (others := connection.scalar(OTHERS)):
        raise NotMoved(f"Others are connected to the database: {others}. {ADVICE}")
