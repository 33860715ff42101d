"""Work that is slow or outward: rows written with the change that causes them, done by workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}


class JobState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """`key` is derived from facts: the same work cannot be queued twice."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(190), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.READY)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    locked_by: Mapped[str | None] = mapped_column(String(80))
    attempts: Mapped[int] = mapped_column(default=0)
    lost_leases: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


def job(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this name.

    The worker opens `write()` and calls it with the payload as keyword arguments; it must be
    safe to run twice. Names are never reused, and a handler stays one release after its last row.
    """

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def handler_of(name: str) -> Handler:
    return _handlers[name]


def enqueue(name: str, key: str, *, run_at: datetime | None = None, **payload: Any) -> None:
    """Queue a job inside the running transaction. A known key is a no-op."""
    now = utcnow()
    values = {
        "key": f"{name}:{key}",
        "name": name,
        "payload": payload,
        "state": JobState.READY,
        "run_at": run_at or now,
        "created_at": now,
        "attempts": 0,
        "lost_leases": 0,
    }
    insert_once(Job, values)


def insert_once(table: type[Base], values: dict[str, Any]) -> None:
    """Insert a row unless one with the same unique key exists."""
    dialect = sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
    db.session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
