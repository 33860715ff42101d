"""Signs of life: each worker says now and then that it is at work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import utcnow
from app.core.db import Base, db, write

EVERY = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(days=1)


class WorkerHeartbeat(Base):
    """One row per worker process; the clean ones take theirs along when they stop."""

    __tablename__ = "worker_heartbeat"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


def beat(worker: str) -> None:
    now = utcnow()
    with write() as session:
        session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.at < now - FORGOTTEN_AFTER))
        session.merge(WorkerHeartbeat(worker=worker, at=now))


def fall_silent(worker: str) -> None:
    with write() as session:
        session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.worker == worker))


def beats() -> Sequence[WorkerHeartbeat]:
    """Every worker that was seen within a day and did not say goodbye."""
    return db.session.scalars(select(WorkerHeartbeat).order_by(WorkerHeartbeat.worker)).all()


def last_beat() -> datetime | None:
    """When any worker was last seen. None: there is none."""
    return db.session.scalar(select(func.max(WorkerHeartbeat.at)))
