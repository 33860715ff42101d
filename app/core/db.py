"""The database: models' base, the session, and the one way to write."""

from __future__ import annotations

import enum
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, MetaData, Select, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from werkzeug.exceptions import NotFound

from app.core.clock import UTCDateTime
from app.core.connections import lift_limits
from app.core.door import entered, left
from app.core.sides import writes_now

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_MS, KNOCK_MS = 10_000, 5  # readers hardly ever wait; writers see `_begin_to_write`
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "cache_size=-2000",  # of one connection; each thread of each process has one
    "temp_store=MEMORY",
    f"busy_timeout={BUSY_MS}",
)

WRITES = "writes"  # whether this connection of SQLite may write now

T = TypeVar("T")

Words = dict[str, str]
"""One text in several languages: {"en": "Housing", "de": "Wohnen"}."""


class Base(DeclarativeBase):
    """All tables. Enums store their value, moments are UTC, dicts are JSON."""

    metadata = MetaData(naming_convention=NAMES)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UTCDateTime,
            dict[str, str]: JSON,
            dict[str, Any]: JSON,
            list[Any]: JSON,
            enum.Enum: sa.Enum(
                enum.Enum,
                native_enum=False,
                length=20,
                values_callable=lambda kinds: [kind.value for kind in kinds],
            ),
        },
    )


class Database(SQLAlchemy):
    """The extension, but for how a request ends."""

    def _teardown_session(self, exc: BaseException | None) -> None:
        """A connection that broke is no reason to throw the finished answer away."""
        try:
            self.session.remove()
        except DBAPIError:
            self.session.registry.clear()


db = Database(model_class=Base, disable_autonaming=True)

WRITERS_WAIT_SECONDS = 10.0
MIGRATIONS_WAIT_SECONDS = 600.0  # whoever starts second waits for the first

_patience: ContextVar[float] = ContextVar("patience", default=WRITERS_WAIT_SECONDS)

BEFORE_COMMIT: list[Callable[[Session], None]] = []
"""What every transaction does last, after all its rows were sent."""


def before_commit(act: Callable[[Session], None]) -> Callable[[Session], None]:
    BEFORE_COMMIT.append(act)
    return act


def prepare_engine(engine: Engine) -> None:
    """Give every connection of this engine our transaction rules (see `write`)."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "rollback", _end_reading)


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """The connection stays as it is from one reader to the next: all but the first only say BEGIN.

    They say it to the driver itself: a BEGIN that locks nothing has nothing to report.
    """
    writing = writes_now.get()
    driver: Any = connection.connection.driver_connection
    if connection.info.get(WRITES) is not writing:
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        driver.execute(f"PRAGMA busy_timeout={KNOCK_MS if writing else BUSY_MS}")
        connection.info[WRITES] = writing
    if writing:
        _begin_to_write(connection, driver)
    else:
        driver.execute("BEGIN")


def _begin_to_write(connection: Connection, driver: Any) -> None:
    """Knock at SQLite's one door evenly.

    SQLite itself would wait longer after each knock, up to a tenth of a second, so that whoever
    came last is the likeliest to find it open: under many writers single ones waited for seconds,
    and some for the ten after which they were sent away. A line of the writers of one process was
    fair too, but who was called first had to wake up: a third as many came in.
    """
    came = time.monotonic()
    until = came + _patience.get()
    while time.monotonic() < until:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
        else:
            entered(came)
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # says in SQLAlchemy's words what is wrong


def _begin_postgresql(connection: Connection) -> None:
    """What kind of transaction it is goes with BEGIN itself: no further way to the server."""
    driver: Any = connection.connection.driver_connection
    reading = not writes_now.get()
    if driver.read_only is not reading and not driver.closed:
        driver.read_only = reading
    lift_limits(connection)


def _end_reading(connection: Connection) -> None:
    """Where nothing was written, COMMIT says the same as the ROLLBACK that follows.

    After a ROLLBACK the driver forgets all prepared statements, and the server would plan each
    one anew in each request: ten joined tables take it 4 ms, and running them half of one.
    """
    if connection.invalidated:
        return
    driver: Any = connection.connection.driver_connection
    if driver.read_only and driver.info.transaction_status.name == "INTRANS":
        with suppress(connection.dialect.loaded_dbapi.Error):  # the ROLLBACK meets the same
            driver.commit()


@contextmanager
def write() -> Iterator[Session]:
    """Change rows: one transaction, committed at the end, undone by any exception.

    Leaves the read snapshot first, so rows loaded before are read again inside.
    Outside of this block the database refuses every write. Blocks do not nest.
    """
    if writes_now.get():
        raise RuntimeError("write() inside write(): activities never open a transaction")
    db.session.rollback()
    token = writes_now.set(True)
    try:
        yield db.session()
        db.session.flush()
        for act in BEFORE_COMMIT:
            act(db.session())
        _commit(db.session())
    except BaseException:
        db.session.rollback()
        raise
    finally:
        left()
        writes_now.reset(token)


def _commit(session: Session) -> None:
    """Leave a note of it: what was kept, or may have been, is not done again after an error."""
    session.info["unsure"] = True
    session.commit()
    session.info.update(unsure=False, kept=True)


@contextmanager
def schema_changes() -> Iterator[None]:
    """Let migrations write through their own connection."""
    writing, patience = writes_now.set(True), _patience.set(MIGRATIONS_WAIT_SECONDS)
    try:
        yield
    finally:
        _patience.reset(patience)
        writes_now.reset(writing)


def first_or_404(select: Select[T]) -> T:
    """The first row of a visibility query. Raise NotFound when there is none: hidden is 404."""
    row = db.session.scalars(select.limit(1)).first()
    if row is None:
        raise NotFound
    return row


def locked(select: Select[T]) -> Select[T]:
    """Lock the rows until the end of `write()`; SQLite's single writer needs no lock."""
    return select.with_for_update().execution_options(populate_existing=True)


def wait_turn(name: str) -> None:
    """Inside `write()`: whoever waits for the same name goes on after this transaction.

    For rows that are not there yet and so cannot be locked: the next number, a free name.
    SQLite has one writer anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        turn = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        db.session.execute(turn, {"name": name})
