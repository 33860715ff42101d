from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.core.db import db
from app.core.jobs import Job
from app.core.periodic import RHYTHMS, STARTS, periodic, plan_periodic

facts = ["one"]


@pytest.fixture
def job_of_the_test() -> Iterator[str]:
    name = "test.look_at_the_machine"
    periodic(name, timedelta(days=1), at_start=lambda: facts[0])(lambda: None)
    yield name
    del RHYTHMS[name], STARTS[name]
    facts[:] = ["one"]


def queued(name: str) -> int:
    return len(db.session.scalars(db.select(Job).where(Job.name == name)).all())


def test_worker_that_starts_queues_it_once_for_each_fact(app: Flask, job_of_the_test: str) -> None:
    rhythm = {job_of_the_test: timedelta(days=1)}
    counts = []
    for fact in ("one", "one", "two"):
        facts[:] = [fact]
        plan_periodic({}, rhythm)
        counts.append(queued(job_of_the_test))

    assert counts == [2, 2, 3]


def test_worker_that_runs_asks_for_no_fact_again(app: Flask, job_of_the_test: str) -> None:
    rhythm, planned = {job_of_the_test: timedelta(days=1)}, dict[str, int]()
    plan_periodic(planned, rhythm)
    facts[:] = ["two"]
    plan_periodic(planned, rhythm)

    assert queued(job_of_the_test) == 2
