"""Jobs are done once, failures come back later, what kills its workers is buried."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core import jobs as jobs_module
from app.core import leases, periodic
from app.core.audit import AuditEntry, record
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.heartbeat import WorkerHeartbeat, beat, fall_silent, last_beat
from app.core.jobs import Job, JobState, enqueue, handler_names, insert_once, job, work_waits
from app.core.worker import Worker, start_in_background
from config import Settings


@job("test.note")
def note(word: str) -> None:
    record(None, "test.note", word)


@job("test.chain")
def chain(left: int) -> None:
    record(None, "test.chain", str(left))
    if left:
        enqueue("test.chain", str(left - 1), left=left - 1)


@job("test.fail")
def fail(word: str) -> None:
    record(None, "test.fail", word)
    db.session.flush()
    raise ValueError("broken\x00 on purpose")


OWN = {name: made for name, made in jobs_module._handlers.items() if made.__module__ == __name__}


@pytest.fixture(scope="module", autouse=True)
def _only_for_this_file() -> Iterator[None]:
    """And each time a process comes back to it: tests of one file need not run in one go."""
    jobs_module._handlers.update(OWN)
    yield
    for name in OWN:
        jobs_module._handlers.pop(name, None)


def queue(name: str, key: str = "1", **payload: Any) -> None:
    with write():
        enqueue(name, key, **payload)


def the_job() -> Job:
    db.session.rollback()
    return db.session.scalars(sa.select(Job)).one()


def noted() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.thing).order_by(AuditEntry.id)))


def test_a_job_is_done_once(app: Flask, run_jobs: Callable[..., int]) -> None:
    queue("test.note", word="hello")
    queue("test.note", word="hello")

    assert (run_jobs(), run_jobs()) == (1, 0)
    assert noted() == ["hello"]
    done = the_job()
    assert (done.state, done.locked_by, done.attempts) == (JobState.DONE, None, 1)


def test_jobs_queued_by_jobs_are_done_too(app: Flask, run_jobs: Callable[..., int]) -> None:
    queue("test.chain", "3", left=3)

    assert run_jobs() == 4
    assert noted() == ["3", "2", "1", "0"]


def test_a_job_waits_for_its_time(app: Flask, run_jobs: Callable[..., int]) -> None:
    with write():
        enqueue("test.note", "later", run_at=utcnow() + timedelta(hours=1), word="later")

    assert run_jobs() == 0
    with time_machine.travel(utcnow() + timedelta(hours=2)):
        assert run_jobs() == 1


def test_unknown_fields_of_a_payload_are_ignored(app: Flask, run_jobs: Callable[..., int]) -> None:
    queue("test.note", word="hello", from_the_future=True)

    assert run_jobs() == 1


def test_what_an_undone_transaction_queued_does_not_exist(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), write():
        enqueue("test.note", "1", word="no")
        raise ZeroDivisionError

    assert db.session.scalars(sa.select(Job)).all() == []


def test_a_failed_job_leaves_nothing_but_its_error(app: Flask, settings: Settings) -> None:
    queue("test.fail", word="x")

    assert Worker(settings).run_due() == 1

    failed = the_job()
    assert noted() == []
    assert (failed.state, failed.last_error) == (JobState.READY, "ValueError: broken on purpose")
    assert 8 <= (failed.run_at - utcnow()).total_seconds() <= 12


def test_nine_tries_in_four_to_five_hours_then_given_up(app: Flask, settings: Settings) -> None:
    queue("test.fail", word="x")
    begun = utcnow()
    with time_machine.travel(begun, tick=False) as clock:
        while (failing := the_job()).state is JobState.READY:
            clock.move_to(failing.run_at)
            Worker(settings).run_due()

        assert failing.attempts == leases.MOST_TRIES
        assert timedelta(hours=3.5) < utcnow() - begun < timedelta(hours=6)
    assert failing.state is JobState.DEAD


def test_a_job_without_handler_is_kept(app: Flask, settings: Settings) -> None:
    queue("test.nobody")

    Worker(settings).run_due()

    assert the_job().last_error == "NoHandler: test.nobody"


def test_a_lost_lease_is_taken_over_and_the_third_buries(app: Flask, settings: Settings) -> None:
    queue("test.note", word="poison")
    with time_machine.travel(utcnow(), tick=False) as clock:
        for lost in range(3):
            assert leases.claim(Job, f"dies{lost}", 60) is not None
            assert leases.claim(Job, "another", 60) is None
            clock.shift(61)
        assert leases.claim(Job, "fourth", 60) is None

    assert (the_job().state, the_job().lost_leases) == (JobState.DEAD, 3)


def test_who_lost_the_lease_changes_nothing(app: Flask, settings: Settings) -> None:
    queue("test.note", word="once")
    slow = Worker(settings)
    job_id = leases.claim(Job, slow.name, 60)
    assert job_id
    with time_machine.travel(utcnow() + timedelta(seconds=61)):
        Worker(settings).run_due()

    slow._perform(job_id)
    slow._give_back(Job, job_id, ValueError("late"), final=True)

    assert noted() == ["once"]
    assert the_job().state is JobState.DONE


def test_workers_take_turns(app: Flask, settings: Settings) -> None:
    for number in range(40):
        queue("test.note", str(number), word=str(number))

    def work() -> None:
        with app.app_context():
            Worker(settings).run_due(mails=False)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(noted(), key=int) == [str(number) for number in range(40)]


def test_the_background_worker_wakes_up_and_stops(app: Flask) -> None:
    db.session.rollback()
    thread, stop = start_in_background(app)
    queue("test.note", word="hello")
    for _ in range(200):
        db.session.rollback()
        if noted():
            break
        threading.Event().wait(0.02)
    assert last_beat() is not None
    stop.set()
    work_waits.set()
    thread.join(10)

    assert noted() == ["hello"]
    assert not thread.is_alive()
    db.session.rollback()
    assert last_beat() is None


def test_signs_of_life(app: Flask) -> None:
    with time_machine.travel(utcnow() - timedelta(days=2)):
        beat("old")
    beat("new")
    beat("new")

    assert db.session.scalars(sa.select(WorkerHeartbeat.worker)).all() == ["new"]
    fall_silent("new")
    assert last_beat() is None


def test_periodic_work_is_queued_once_per_stretch(app: Flask) -> None:
    hourly = {"test.hourly": timedelta(hours=1)}
    mine: dict[str, int] = {}
    with time_machine.travel("2026-11-21T10:05:00Z", tick=False) as clock:
        for memory in (mine, mine, {}):
            periodic.plan_periodic(memory, hourly)
        clock.shift(timedelta(hours=1))
        periodic.plan_periodic(mine, hourly)

    assert len(db.session.scalars(sa.select(Job.key)).all()) == 2


UNTOUCHED = {"generation", "job", "worker_heartbeat"}  # a generation may rise for nothing


def _all_rows() -> dict[str, list[tuple[object, ...]]]:
    """The whole database but the queue itself."""
    db.session.rollback()
    tables = [t for t in db.metadata.sorted_tables if t.name not in UNTOUCHED]
    return {t.name: sorted(map(tuple, db.session.execute(sa.select(t))), key=repr) for t in tables}


def _real_handlers() -> list[str]:
    return [name for name in handler_names() if not name.startswith("test.")]


GONE = {
    "int": 999_999,
    "str": "2026-11-21T10:00:00+00:00",
    "list[str]": ["0" * 32],
    "list[int]": [999_999],
    "list[Told] | None": [(999_999, "2026-11-21T10:00:00+00:00", "")],
}
"""Values of each type that belong to nothing; some handlers take a moment as a string."""


@pytest.mark.parametrize("name", _real_handlers())
def test_every_handler_survives_things_that_are_gone(app: Flask, name: str) -> None:
    """Called twice for rows that no longer exist: no error, and nothing changes."""
    parameters = jobs_module.inspect.signature(jobs_module.handler_of(name)).parameters
    payload = {field: GONE.get(one.annotation, 999_999) for field, one in parameters.items()}
    before = _all_rows()
    for _ in range(2):
        with write():
            jobs_module.perform(name, payload)

    assert _all_rows() == before


def test_the_same_key_is_inserted_once(app: Flask) -> None:
    with write():
        for _ in range(2):
            insert_once(WorkerHeartbeat, {"worker": "one", "at": utcnow()})

    assert len(db.session.scalars(sa.select(WorkerHeartbeat)).all()) == 1
