"""A worker whose database undoes, breaks off or is away: nothing is lost, nothing done twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.core import jobs as jobs_module
from app.core.audit import AuditEntry, record
from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue, job
from app.core.leases import claim, let_go
from app.core.worker import Worker, at_once_again, insist
from config import Settings

tries: list[str] = []


@job("test.undone")
def undone(times: int) -> None:
    tries.append("try")
    record(None, "test.undone", "done")
    if len(tries) <= times:
        raise busy()


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tries.clear()


HANDLER = jobs_module._handlers.pop("test.undone")


@pytest.fixture(scope="module", autouse=True)
def _only_for_this_file() -> Iterator[None]:
    jobs_module._handlers["test.undone"] = HANDLER
    yield
    del jobs_module._handlers["test.undone"]


def busy() -> OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("UPDATE", {}, error)


def the_job() -> Job:
    db.session.rollback()
    return db.session.scalars(sa.select(Job)).one()


def queue(times: int) -> None:
    with write():
        enqueue("test.undone", "1", times=times)


def test_what_was_undone_comes_through_at_once(app: Flask, settings: Settings) -> None:
    queue(times=2)

    Worker(settings).run_due()

    assert (len(tries), the_job().state, the_job().attempts) == (3, JobState.DONE, 1)
    assert db.session.scalars(sa.select(AuditEntry.thing)).all() == ["done"]


def test_what_is_undone_again_and_again_waits(app: Flask, settings: Settings) -> None:
    queue(times=9)

    Worker(settings).run_due()

    assert (len(tries), the_job().state, the_job().attempts) == (3, JobState.READY, 1)


def test_worker_lets_go_of_what_it_did_not_know_it_had(app: Flask, settings: Settings) -> None:
    queue(times=0)
    worker = Worker(settings)
    claim(Job, worker.name, 60)
    claim(Job, "another", 60)

    worker._shaken = True
    worker._let_go()

    freed = the_job()
    assert (freed.state, freed.locked_by, freed.lost_leases) == (JobState.READY, None, 0)


def test_worker_leaves_to_others_what_is_theirs(app: Flask) -> None:
    queue(times=0)
    claim(Job, "another", 60)

    let_go(Job, "mine")

    assert the_job().locked_by == "another"


def failing(times: int, error: Callable[[], Exception]) -> Callable[[], None]:
    def act() -> None:
        tries.append("try")
        if len(tries) <= times:
            raise error()

    return act


def test_note_of_a_sent_mail_waits_for_the_database(app: Flask) -> None:
    insist(failing(1, busy))

    assert len(tries) == 2


def test_nobody_waits_longer_than_told(app: Flask) -> None:
    with pytest.raises(OperationalError):
        insist(failing(5, busy), seconds=0)

    assert len(tries) == 1


@pytest.mark.parametrize("act", [at_once_again, insist])
def test_bug_is_not_tried_again(app: Flask, act: Callable[[Callable[[], None]], None]) -> None:
    def wrong() -> OperationalError:
        return OperationalError("SELECT", {}, sqlite3.OperationalError("no such table"))

    with pytest.raises(OperationalError):
        act(failing(5, wrong))

    assert len(tries) == 1
