"""Work that is slow or outward: rows written with the change that causes them, done by workers."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, bindparam, event
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.leases import Leased
from app.core.prepared import Prepared, dialect_insert
from app.core.shared_memory import shared_memory
from app.core.tally import request_id

Handler = Callable[..., None]
Errand = Callable[..., dict[str, Any]]
_handlers: dict[str, Handler] = {}
_errands: dict[str, Errand] = {}

work_waits = threading.Event()
"""Set when something was queued, so that a worker of this process need not wait to ask."""

WORK = "work"
"""Where all processes of an installation hear that something was queued."""


class JobState(StrEnum):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Leased, Base):
    """`key` is derived from facts: the same work cannot be queued twice."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"),)
    READY, BUSY, DEAD = JobState.READY, JobState.RUNNING, JobState.DEAD

    key: Mapped[str] = mapped_column(String(190), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(default=JobState.READY)
    done_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(64))  # of the request that queued it


def job(name: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this name.

    The worker opens `write()` and calls it with the payload as keyword arguments; it must be
    safe to run twice. Names are never reused, and a handler stays one release after its last row.
    """

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def errand(name: str) -> Callable[[Errand], Errand]:
    """Register what a job of this name does first, while no transaction is open.

    For what waits for the network. It gets the payload and returns more of it for the handler; it
    changes nothing in the database, and may run again for the same job.
    """

    def register(act: Errand) -> Errand:
        _errands[name] = act
        return act

    return register


class NoHandler(LookupError):
    """A job whose function is not registered: the code is older or newer than the row."""


class Gone(LookupError):
    """Raised by a handler before it changes anything: what the job was about is no more."""


def handler_of(name: str) -> Handler:
    if name not in _handlers:
        raise NoHandler(name)
    return _handlers[name]


def handler_names() -> list[str]:
    return sorted(_handlers)


def perform(name: str, payload: dict[str, Any]) -> None:
    """Call the handler. Fields it does not know are ignored: another release may have queued it."""
    handler = handler_of(name)
    with suppress(Gone):
        handler(**_known(handler, payload))


def has_errand(name: str) -> bool:
    return name in _errands


def run_errand(name: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with what the errand brought."""
    act = _errands[name]
    return payload | act(**_known(act, payload))


def _known(act: Callable[..., Any], payload: dict[str, Any]) -> dict[str, Any]:
    names = inspect.signature(act).parameters
    return {field: value for field, value in payload.items() if field in names}


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
        "request_id": request_id(),
    }
    insert_once(Job, values)


def insert_once(table: type[Base], values: dict[str, Any]) -> None:
    """Insert a row of plain values unless one with the same unique key exists."""
    _insert_once.change((table, *values), **values)
    db.session.info["queued"] = True


@Prepared
def _insert_once(table: type[Base], *columns: str) -> Any:
    places: dict[str, Any] = {name: bindparam(name) for name in columns}
    return dialect_insert(table).values(places).on_conflict_do_nothing()


@event.listens_for(db.session, "after_commit")
def _wake_worker(session: Session) -> None:
    if session.info.pop("queued", False):
        work_waits.set()
        shared_memory().publish(WORK)
