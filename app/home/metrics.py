"""Numbers for a monitoring system, in Prometheus' text format."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import Base, db
from app.core.heartbeat import last_beat
from app.core.jobs import Job, JobState
from app.core.outbox import MailState, OutboxMail

COUNTED = {"users": "user", "threads": "thread", "posts": "post", "webinars": "webinar"}


def exposition() -> str:
    lines = [*_waiting(), *_rows(), *_heartbeat()]
    return "\n".join(lines) + "\n"


def token(secret_key: str) -> str:
    """What a collector from elsewhere has to show; it changes with the secret key."""
    return hmac.new(secret_key.encode(), b"interurban.metrics", hashlib.sha256).hexdigest()


def is_token(shown: str, secret_key: str) -> bool:
    return hmac.compare_digest(shown.encode(), token(secret_key).encode())


def _waiting() -> list[str]:
    return [
        *_by_state("interurban_jobs", "Jobs by state.", Job.state, JobState),
        *_by_state("interurban_outbox_mails", "Mails by state.", OutboxMail.state, MailState),
    ]


def _by_state(name: str, words: str, column: Any, states: Iterable[StrEnum]) -> list[str]:
    """One line for each state, also for those in which nothing is."""
    rows = db.session.execute(select(column, func.count()).group_by(column))
    counts = {row[0]: row[1] for row in rows}
    lines = (f'{name}{{state="{state.value}"}} {counts.get(state, 0)}' for state in states)
    return [*_head(name, words), *lines]


def _rows() -> list[str]:
    tables = Base.metadata.tables
    counts = [
        select(func.count()).select_from(tables[table]).scalar_subquery().label(name)
        for name, table in COUNTED.items()
    ]
    row = db.session.execute(select(*counts)).one()
    return [
        line
        for name in COUNTED
        for line in (
            *_head(f"interurban_{name}", f"Rows: {name}."),
            f"interurban_{name} {getattr(row, name)}",
        )
    ]


def _heartbeat() -> list[str]:
    seen = last_beat()
    age = (utcnow() - seen).total_seconds() if seen else float("nan")
    name = "interurban_worker_silent_seconds"
    return [*_head(name, "Seconds since a worker was last seen."), f"{name} {age:g}".lower()]


def _head(name: str, words: str) -> list[str]:
    return [f"# HELP {name} {words}", f"# TYPE {name} gauge"]
