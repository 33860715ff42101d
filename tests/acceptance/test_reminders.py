"""Acceptance test 21 of spec/webinars 6.7: reminders, each once, whatever the worker does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.jobs import Job
from app.core.leases import claim
from app.core.outbox import OutboxMail
from app.core.worker import Worker
from app.webinars import publishing, scheduling
from app.webinars.models import Registration, Webinar
from app.webinars.times import slot
from config import Settings
from tests.factories_registrations import at, guest, mails_to, register, work
from tests.factories_webinars import make_organiser, make_webinar

START = at("2026-03-25T09:00:00+00:00")
TEN = at("2026-03-25T10:00:00")  # the same on a wall in Brussels
DAY_BEFORE = at("2026-03-24T08:00:00+00:00")
HOUR_BEFORE = START - timedelta(hours=1)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
REMINDERS = ("In a week", "Tomorrow", "In an hour")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-03-10T08:15:00+00:00") as traveller:
        yield traveller


@pytest.fixture
def webinar(app: Flask) -> Webinar:
    webinar = make_webinar(
        "Housing", published=False, organiser=make_organiser(),
        starts_at=START, ends_at=START + HOUR, start_local=TEN, end_local=TEN + HOUR,
    )  # fmt: skip
    with write():
        publishing.publish(webinar, None)
    return webinar


@pytest.fixture
def person(webinar: Webinar) -> Registration:
    row = register(webinar, guest())
    work()
    return row


def reminders(person: Registration) -> list[str]:
    said = [str(message["Subject"]).split(":")[0] for message in mails_to(person.email)]
    return [words for words in said if words in REMINDERS]


def test_21_reminder_is_never_sent_twice_after_a_worker_restart(
    app: Flask, settings: Settings, person: Registration, clock: time_machine.Traveller
) -> None:
    """One worker dies with the job, one with the mail; what comes after them does the rest once."""
    clock.move_to(START - timedelta(days=3))
    Worker(settings).run_due()  # what comes before
    clock.move_to(DAY_BEFORE)
    Worker(settings).run_due(mails=False)
    with write() as session:
        again = sa.update(Job).where(Job.name == "webinars.send_reminder")
        session.execute(again.values(state=Job.READY, run_at=DAY_BEFORE))
    assert claim(Job, "died with the job", 60) is not None
    clock.shift(61)

    Worker(settings).run_due(mails=False)
    (waiting,) = db.session.scalars(sa.select(OutboxMail).where(OutboxMail.sent_at.is_(None)))
    assert str(waiting.subject).startswith("Tomorrow")
    assert claim(OutboxMail, "died with the mail", 60) == waiting.id
    clock.shift(61)
    for _restart in range(2):
        Worker(settings).run_due()

    assert reminders(person) == ["In a week", "Tomorrow"]
    left = sa.select(sa.func.count(OutboxMail.id)).where(OutboxMail.sent_at.is_(None))
    assert db.session.scalar(left) == 0


def test_21_no_reminder_after_the_webinar_is_cancelled(
    person: Registration, webinar: Webinar, clock: time_machine.Traveller
) -> None:
    clock.move_to(DAY_BEFORE)
    work()
    with write():
        actor = webinar.organisers[0].user
        scheduling.cancel(webinar, "The room is flooded.", actor)

    clock.move_to(HOUR_BEFORE)
    work()

    assert reminders(person) == ["Tomorrow"]


def test_21_reminders_are_armed_again_by_a_reschedule(
    person: Registration, webinar: Webinar, clock: time_machine.Traveller
) -> None:
    clock.move_to(DAY_BEFORE)
    work()
    clock.shift(60)
    there = slot(TEN + WEEK, TEN + WEEK + HOUR, "Europe/Brussels")
    with write():
        actor = webinar.organisers[0].user
        scheduling.reschedule(webinar, there, actor, version=webinar.lock_version, is_sure=True)
    in_summer = HOUR  # ten in Brussels is an hour earlier in UTC then
    for moment in (HOUR_BEFORE, DAY_BEFORE + WEEK - in_summer, HOUR_BEFORE + WEEK - in_summer):
        clock.move_to(moment)
        work()

    assert reminders(person) == ["Tomorrow", "In a week", "Tomorrow", "In an hour"]
