"""Who has much to write on SQLite leaves time to others."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import jobs
from app.core.audit import AuditEntry, record
from app.core.db import db, write
from app.core.door import BREATH, LONGEST_PAUSE, Door, watched_door
from app.core.jobs import enqueue, work_waits
from app.core.worker import start_in_background

JOBS, HELD_SECONDS = 7, 0.1


@pytest.mark.any_engine
@pytest.mark.parametrize(
    ("waited", "kept", "pause"),
    [(0.0, 0.0, 0.0), (0.0005, 0.04, BREATH), (0.004, 0.04, 0.08), (0.004, 30.0, LONGEST_PAUSE)],
)
def test_pause_is_for_those_who_wait(waited: float, kept: float, pause: float) -> None:
    door = Door()
    door.waited, door.kept = waited, kept

    assert door.pause() == pause


def test_what_was_waited_and_kept_is_counted(app: Flask) -> None:
    with somebody_writes(app) as has_it, watched_door() as door:
        assert has_it.wait(10)
        with write():
            record(None, "test.first", "x")
        with pytest.raises(ZeroDivisionError), write():
            record(None, "test.undone", "x")
            db.session.flush()
            time.sleep(HELD_SECONDS)
            _ = 1 / 0

    only_one_writes = db.engine.dialect.name == "sqlite"
    assert (door.waited > HELD_SECONDS / 2) is only_one_writes
    assert (door.kept >= HELD_SECONDS) is only_one_writes


def test_what_others_write_is_not_counted(app: Flask) -> None:
    with watched_door() as door, somebody_writes(app):
        pass

    assert (door.waited, door.kept) == (0.0, 0.0)


def test_worker_lets_others_write_between_its_jobs(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(jobs._handlers, "test.hold", hold)
    with write():
        for number in range(JOBS):
            enqueue("test.hold", str(number))
    enough = threading.Event()
    others = [threading.Thread(target=_write_on, args=(app, enough)) for _ in range(3)]
    worker, stop = start_in_background(app)
    for thread in others:
        thread.start()
    while _written().count("test.held") < JOBS:
        time.sleep(HELD_SECONDS)
    for event in (enough, stop, work_waits):
        event.set()
    for thread in (worker, *others):
        thread.join(10)

    groups = itertools.groupby(_written())
    between = [len(list(group)) for act, group in groups if act == "test.other"]
    assert statistics.median(between) >= 15


def _write_on(app: Flask, enough: threading.Event) -> None:
    while not enough.is_set():
        with app.app_context(), write():
            record(None, "test.other", "x")


def hold() -> None:
    record(None, "test.held", "x")
    db.session.flush()
    time.sleep(HELD_SECONDS)


@contextmanager
def somebody_writes(app: Flask) -> Iterator[threading.Event]:
    """In a thread of its own, for a moment."""
    has_it = threading.Event()

    def run() -> None:
        with app.app_context(), write() as session:
            record(None, "test.theirs", "x")
            session.flush()
            has_it.set()
            time.sleep(HELD_SECONDS)

    thread = threading.Thread(target=run)
    thread.start()
    yield has_it
    thread.join()


def _written() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.id)))
