"""What a database error means for whoever waits: come again, it may be over in a moment."""

from __future__ import annotations

import sqlite3
from enum import Enum

from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

UNDONE = {"40001", "40P01"}  # serialisation failure, deadlock
TOO_LONG = {"55P03", "57014"}  # lock_timeout, statement_timeout
NOT_THERE = ("08", "53", "57P")  # connection, resources, shutting down or starting

SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
SQLITE_AWAY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


class Trouble(Enum):
    UNDONE = "the database undid the transaction for another's sake"
    CUT = "the connection broke on the way"
    AWAY = "the database cannot be reached or has no time"


def trouble_of(error: BaseException) -> Trouble | None:
    """None: a bug, which comes again however often one tries."""
    if isinstance(error, TimeoutError):  # no connection became free
        return Trouble.AWAY
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _of_sqlite(error.orig)
    return _of_postgresql(error)


def _of_sqlite(error: sqlite3.Error) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in SQLITE_BUSY:
        return Trouble.UNDONE
    return Trouble.AWAY if code in SQLITE_AWAY else None


def _of_postgresql(error: DBAPIError) -> Trouble | None:
    code: str | None = getattr(error.orig, "sqlstate", None)
    if code in UNDONE:
        return Trouble.UNDONE
    if error.connection_invalidated:
        return Trouble.CUT
    if code is None:  # the server did not answer at all
        return Trouble.AWAY if isinstance(error, OperationalError) else None
    return Trouble.AWAY if code in TOO_LONG or code.startswith(NOT_THERE) else None
