"""Can this installation do its work? The answer for whoever watches it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.clock import utcnow
from app.core.db import db
from app.core.heartbeat import last_beat
from app.core.shared_memory import shared_memory
from app.files.storing import store

SILENT_AFTER = timedelta(seconds=60)
LEAST_FREE_BYTES = 100 * 1024 * 1024


def what_is_wrong(data_dir: Path) -> list[str]:
    """One line for each thing that keeps us from working; nothing secret in it."""
    database = _database()
    found = [database] if database else [_worker()]
    return [line for line in [*found, _disk(data_dir)] if line]


def _database() -> str | None:
    """Asked twice: a connection that broke while it was idle says nothing about the database."""
    said = ""
    for _ in range(2):
        try:
            db.session.execute(text("SELECT 1"))
        except SQLAlchemyError as error:
            db.session.rollback()
            said = f"database: does not answer ({type(error).__name__})"
        else:
            return None
    return said


def what_is_missing() -> list[str]:
    """One line for each thing that is away, though pages are answered without it."""
    found = []
    if shared_memory().state(ask=True).answers is False:
        found.append("shared memory: does not answer; each process goes on alone, slower")
    if not store().answers():
        found.append("files: the store does not answer; none can be attached or opened")
    return found


def _worker() -> str | None:
    seen = last_beat()
    if seen is None:
        return "worker: none has been seen"
    silent = utcnow() - seen
    if silent <= SILENT_AFTER:
        return None
    return f"worker: last seen {int(silent.total_seconds())} seconds ago"


def _disk(data_dir: Path) -> str | None:
    try:
        free = shutil.disk_usage(data_dir).free
    except OSError:
        return "disk: the data folder cannot be read"
    return None if free >= LEAST_FREE_BYTES else f"disk: {free // 1024 // 1024} MB free"
