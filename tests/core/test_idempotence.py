"""Every handler may run twice, also over real rows: after a crash a job is simply done again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import (
    Job,
    JobState,
    handler_names,
    has_errand,
    perform,
    run_errand,
)
from tests.core.happenings import put_away, things_happen

MOST_OF_A_KIND = 3
BROUGHT: dict[str, dict[str, Any]] = {
    "core.look_up_sender_domain": {
        "name": "example.org",
        "found": {"spf": "present", "dmarc": "missing", "mx": "unknown"},
    }
}
"""What errands bring that would ask the world."""

WITHOUT_MEANING = {"generation", "worker_heartbeat"}


def test_twice_is_once_for_every_handler(demo: Flask) -> None:
    tried: Counter[tuple[str, str | None]] = Counter()
    with time_machine.travel(utcnow(), tick=False) as clock:
        things_happen()
        for job in jobs_by_time():
            clock.move_to(max(job.run_at, utcnow() + timedelta(seconds=1)))
            tried[job.name, job.payload.get("kind")] += 1
            is_enough = tried[job.name, job.payload.get("kind")] > MOST_OF_A_KIND
            act = perform_once if is_enough else perform_twice
            act(job.name, payload_of(job))
            put_away(job)

    assert set(ours()) - {name for name, _kind in tried} == set()


def ours() -> list[str]:
    """Without the handlers of other tests."""
    return [name for name in handler_names() if not name.startswith("test.")]


def perform_twice(name: str, payload: dict[str, Any]) -> None:
    perform_once(name, payload)
    once = all_rows()
    perform_once(name, payload)
    assert all_rows() == once, name


def perform_once(name: str, payload: dict[str, Any]) -> None:
    with write():
        perform(name, payload)


def payload_of(job: Job) -> dict[str, Any]:
    """With what its errand brings, if it has one."""
    payload = dict(job.payload)
    if job.name in BROUGHT:
        return payload | BROUGHT[job.name]
    found = run_errand(job.name, payload) if has_errand(job.name) else payload
    db.session.rollback()
    return found


def jobs_by_time() -> Iterator[Job]:
    """What is queued, also by the jobs before."""
    ready = sa.select(Job).where(Job.state == JobState.READY).order_by(Job.run_at, Job.id).limit(1)
    while (job := db.session.scalars(ready).first()) is not None:
        yield job
        db.session.rollback()


def all_rows() -> dict[str, list[tuple[Any, ...]]]:
    db.session.rollback()
    driver = db.session.connection().connection.cursor()
    return {name: driver.execute(reading).fetchall() for name, reading in readings().items()}


@cache
def readings() -> dict[str, str]:
    """What gives a table's rows as the database has them, not as the models read them."""
    tables = [table for table in db.metadata.sorted_tables if table.name not in WITHOUT_MEANING]
    return {
        table.name: f'SELECT * FROM "{table.name}" ORDER BY '
        + ", ".join(f'"{column.name}"' for column in table.primary_key)
        for table in tables
    }
