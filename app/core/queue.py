"""What the people who run the place see of the queue, and how they revive something in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import delete, func, select, update

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import Job, JobState
from app.core.outbox import MailState, OutboxMail

KINDS: dict[str, type[Job] | type[OutboxMail]] = {"job": Job, "mail": OutboxMail}
ENDED = {Job: JobState.DONE, OutboxMail: MailState.SENT}


class Stuck(ValueError):
    """A sentence for the operator."""


@dataclass(frozen=True)
class Item:
    """One line of the list. `ref` is what `retry` takes: "job:12", "mail:7"."""

    ref: str
    state: str
    run_at: datetime
    tries: int
    what: str
    error: str


def waiting(every: bool = False) -> Iterator[Item]:
    """All jobs and mails that are not done; with `every`, those too."""
    for kind, table in KINDS.items():
        rows = select(table).order_by(table.run_at, table.id)
        if not every:
            rows = rows.where(table.state != ENDED[table])
        for row in db.session.scalars(rows.execution_options(yield_per=500)):
            yield _item(kind, cast("Job | OutboxMail", row))


def _item(kind: str, row: Job | OutboxMail) -> Item:
    what = row.key if isinstance(row, Job) else f"to {row.recipient}: {row.subject}"
    error = row.last_error or ""
    return Item(f"{kind}:{row.id}", row.state.value, row.run_at, row.attempts, what, error)


def oldest_due() -> dict[str, tuple[int, float]]:
    """For jobs and mails: how many should be done by now, and how many seconds the first waits."""
    now = utcnow()
    found = {}
    for kind, table in KINDS.items():
        due = select(func.count(), func.min(table.run_at)).where(
            table.state == table.READY, table.run_at <= now
        )
        count, oldest = db.session.execute(due).one()
        found[kind] = (count, (now - oldest).total_seconds() if oldest else 0.0)
    return found


def given_up() -> dict[str, int]:
    """How many jobs and mails nobody tries any more."""
    return {
        kind: db.session.scalar(select(func.count()).where(table.state == table.DEAD)) or 0
        for kind, table in KINDS.items()
    }


def retry(ref: str) -> int:
    """Make one row due now, with all its tries before it. Raise Stuck for a wrong name."""
    kind, _, number = ref.partition(":")
    if kind not in KINDS or not number.isascii() or not number.isdecimal():
        raise Stuck(f"{ref!r} is not the name of a job or mail: write job:12 or mail:7.")
    table = KINDS[kind]
    return _revive(table, table.id == int(number), table.state.in_([table.READY, table.DEAD]))


def retry_all() -> int:
    """Make everything that was given up due now."""
    return sum(_revive(table, table.state == table.DEAD) for table in KINDS.values())


def forget_due(names: str, now: datetime) -> None:
    """Drop jobs whose names begin so and that are due: a story told afterwards tells nobody."""
    told = Job.name.startswith(names, autoescape=True)
    db.session.execute(delete(Job).where(told, Job.state == Job.READY, Job.run_at <= now))


def _revive(table: type[Job] | type[OutboxMail], *which: object) -> int:
    fresh = {"state": table.READY, "run_at": utcnow(), "attempts": 0, "lost_leases": 0}
    revived = db.session.scalars(
        update(table).where(*which).values(fresh).returning(table.id)  # type: ignore[arg-type]
    ).all()
    db.session.info["queued"] = True
    return len(revived)
