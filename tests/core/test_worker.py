"""Jobs are done once, mails are sent outside of transactions, failures come back later."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from app.core.audit import AuditEntry, record
from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue, job


@job("test.note")
def note(word: str) -> None:
    record(None, "test.note", word)


def test_a_job_is_done_once(app: Flask, run_jobs: Callable[..., int]) -> None:
    with write():
        enqueue("test.note", "1", word="hello")
        enqueue("test.note", "1", word="hello")

    assert run_jobs() == 1
    assert run_jobs() == 0
    assert db.session.scalars(sa.select(AuditEntry.thing)).all() == ["hello"]
    assert db.session.scalars(sa.select(Job.state)).all() == [JobState.DONE]
