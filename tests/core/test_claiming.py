"""Taking the next job costs the same however many wait."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue
from app.core.leases import claim

STEP = 10  # of SQLite's own machine


def queue(name: str, count: int) -> None:
    with write():
        for number in range(count):
            enqueue(name, str(number))


@pytest.mark.any_engine
def test_next_job_is_found_without_looking_at_all_that_wait(app: Flask) -> None:
    queue("test.few", 20)
    claim(Job, "worker", 60)
    few = _steps_of_a_claim()
    queue("test.many", 1500)

    assert _steps_of_a_claim() < 1.5 * few


def test_job_of_a_worker_that_died_comes_before_younger_ones(app: Flask) -> None:
    queue("test.old", 1)
    left = claim(Job, "dead", -60)
    queue("test.young", 2)

    assert claim(Job, "alive", 60) == left


def test_younger_job_of_a_worker_that_died_waits(app: Flask) -> None:
    queue("test.young", 1)
    left = claim(Job, "dead", -60)
    queue("test.old", 1)
    with write() as session:
        session.get_one(Job, left).run_at = utcnow() + timedelta(seconds=-1)
        old = session.scalars(sa.select(Job).where(Job.state == JobState.READY)).one()
        old.run_at = utcnow() - timedelta(hours=1)

    assert (claim(Job, "alive", 60), claim(Job, "alive", 60)) == (old.id, left)


def test_nothing_is_taken_before_its_time(app: Flask) -> None:
    with write():
        enqueue("test.later", "1", run_at=utcnow() + timedelta(minutes=1))

    assert claim(Job, "worker", 60) is None


def _steps_of_a_claim() -> int:
    taken, met = [0], set()

    def note() -> int:
        taken[0] += 1
        return 0

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        met.add(connection)
        connection.set_progress_handler(note, STEP)

    db.session.rollback()
    sa.event.listen(db.engine, "checkout", watch)
    assert claim(Job, "worker", 60) is not None
    sa.event.remove(db.engine, "checkout", watch)
    for connection in met:
        connection.set_progress_handler(None, 0)
    return taken[0]
