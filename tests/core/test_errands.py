"""What a job does while no transaction is open: wait for the network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import jobs
from app.core.db import db, write
from app.core.jobs import Job, JobState, enqueue
from app.core.worker import Worker
from config import Settings

NAME = "tests.errand"


@pytest.fixture
def seen() -> Iterator[list[Any]]:
    """What the errand and the handler of one kind of job saw, in their order."""
    seen: list[Any] = []

    def ask(word: str) -> dict[str, Any]:
        seen.append(("asked", word, db.session().in_transaction()))
        return {"answer": word.upper()}

    def keep(word: str, answer: str) -> None:
        seen.append(("kept", word, answer))

    jobs.errand(NAME)(ask)
    jobs.job(NAME)(keep)
    yield seen
    del jobs._errands[NAME], jobs._handlers[NAME]


def test_the_errand_waits_outside_of_the_transaction(
    app: Flask, settings: Settings, seen: list[Any]
) -> None:
    with write():
        enqueue(NAME, "once", word="where")

    Worker(settings).run_due(mails=False)

    state = db.session.scalar(select(Job.state).where(Job.name == NAME))
    assert (seen, state) == (
        [("asked", "where", False), ("kept", "where", "WHERE")],
        JobState.DONE,
    )


def test_a_lost_job_keeps_nothing_that_its_errand_brought(
    app: Flask, settings: Settings, seen: list[Any]
) -> None:
    with write():
        enqueue(NAME, "taken", word="where")
    taken = jobs._errands[NAME]

    def ask_slowly(word: str) -> dict[str, Any]:
        with write() as session:
            session.execute(Job.__table__.update().values(locked_by="another"))
        return taken(word)

    jobs.errand(NAME)(ask_slowly)

    Worker(settings).run_due(mails=False)

    assert [kind for kind, *_ in seen] == ["asked"]
