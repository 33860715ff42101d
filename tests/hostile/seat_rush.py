"""Many people in their own threads at one webinar, and what became of them."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.jobs import Job, JobState, perform
from app.core.outbox import OutboxMail
from app.webinars import (
    registering,
)
from app.webinars.models import Registration
from app.webinars.registering import Answers, Person

Act = Callable[[], Any]


def at_once(app: Flask, acts: Sequence[Act]) -> None:
    """Each in its own thread and session, all from the same moment. None may fail."""
    start, faults = threading.Barrier(len(acts)), []

    def run(act: Act) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except Exception as error:
                faults.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    if faults:
        raise ExceptionGroup("what broke in the threads", faults)


def people_at(webinar_id: int) -> list[Registration]:
    """In the order of the line."""
    in_order = (Registration.priority.desc(), Registration.queued_at, Registration.id)
    mine = select(Registration).where(Registration.webinar_id == webinar_id)
    return list(db.session.scalars(mine.order_by(*in_order)))


def subjects(webinar_id: int) -> dict[str, list[str]]:
    """What each address was told, by the first words of the subjects."""
    told: dict[str, list[str]] = {row.email: [] for row in people_at(webinar_id)}
    for address, subject in db.session.execute(
        select(OutboxMail.recipient, OutboxMail.subject).order_by(OutboxMail.id)
    ):
        if address in told:
            told[address].append(subject.split(":")[0].strip())
    return told


def come(webinar_id: int, person: Person) -> int:
    with write():
        row = registering.register_at(webinar_id, person, Answers())
    return row.id


def act_on(registration_id: int, act: Callable[..., Any], *words: Any) -> None:
    """What a person may be told no about is no failure."""
    with suppress(DomainError), write():
        act(db.session.get_one(Registration, registration_id), *words)


def come_and_perhaps_go(webinar_id: int, person: Person, dice: random.Random) -> Act:
    goes, comes_back = dice.random() < 0.35, dice.random() < 0.3

    def act() -> None:
        registration_id = come(webinar_id, person)
        if goes:
            act_on(registration_id, registering.withdraw)
        if goes and comes_back:
            act_on(registration_id, registering.take_back)

    return act


def go(registration_id: int) -> Act:
    return lambda: act_on(registration_id, registering.withdraw)


def work_fast() -> None:
    """What the worker does in a transaction for each job, in one: many rounds have many jobs."""
    with write() as session:
        ready = select(Job).where(Job.state == JobState.READY, Job.run_at <= utcnow())
        for job in session.scalars(ready.order_by(Job.run_at, Job.id)).all():
            perform(job.name, job.payload)
            job.state = JobState.DONE
