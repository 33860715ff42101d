from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.core.db import db, write
from app.core.jobs import Job
from app.webinars import inviting, reminding
from app.webinars.models import Registration, Webinar
from app.webinars.reminding import Reminder, due
from tests.factories_registrations import (
    at,
    guest,
    mails_to,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

NOW = "2026-03-10T08:15:00+00:00"
START = at("2026-03-25T09:00:00+00:00")
DAY_BEFORE = at("2026-03-24T08:00:00+00:00")  # nine in Brussels
HOUR_BEFORE = at("2026-03-25T08:00:00+00:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


def at_ten() -> Webinar:
    return make_webinar("Housing", starts_at=START, ends_at=START + timedelta(hours=1))


def registered(webinar: Webinar, **changes: str) -> Registration:
    row = register(webinar, guest(**changes))
    work()
    return row


def move(webinar: Webinar, days: int) -> None:
    with write():
        before = {"starts_at": webinar.starts_at}
        webinar.starts_at += timedelta(days=days)  # type: ignore[operator]
        webinar.ends_at += timedelta(days=days)  # type: ignore[operator]
        inviting.tell_change(webinar, before)
        reminding.plan(webinar)


def reminders(row: Registration) -> list[str]:
    starts = [message["Subject"].split(":")[0] for message in mails_to(row.email)]
    return [word for word in starts if word in {"Tomorrow", "In an hour"}]


def visit(clock: time_machine.Traveller, *moments: object) -> None:
    for moment in moments:
        clock.move_to(moment)  # type: ignore[arg-type]
        work()


def test_reminders_come_the_day_before_and_an_hour_before(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = registered(at_ten())
    visit(clock, DAY_BEFORE - timedelta(minutes=1))
    assert reminders(row) == []

    visit(clock, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == ["Tomorrow", "In an hour"]


def test_reminder_has_the_personal_join_link_and_no_calendar_part(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = registered(webinar)
    visit(clock, DAY_BEFORE)

    reminder = mails_to(row.email)[-1]
    assert [part.get_content_type() for part in reminder.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert f"/webinars/{webinar.id}/join?t={row.token}" in text_of(reminder)
    assert reminder["Auto-Submitted"] == "auto-generated"


def test_nine_is_nine_where_the_person_is() -> None:
    assert due(Reminder.DAY, START, "Europe/Athens") == at("2026-03-24T07:00:00+00:00")
    assert due(Reminder.DAY, START, "Atlantic/Azores") == at("2026-03-24T10:00:00+00:00")
    early = at("2026-03-25T05:00:00+00:00")
    assert due(Reminder.DAY, early, "Europe/Brussels") == DAY_BEFORE


def test_nine_stays_nine_when_the_clock_changes_in_between() -> None:
    monday = at("2026-03-30T06:00:00+00:00")  # the clock goes forward on Sunday
    assert due(Reminder.DAY, monday, "Europe/Brussels") == at("2026-03-29T07:00:00+00:00")


def test_6_7_21_reminder_is_never_sent_twice(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = registered(webinar)
    with write():
        reminding.plan(webinar)
        reminding.plan(webinar)
    visit(clock, DAY_BEFORE, DAY_BEFORE + timedelta(minutes=5))

    assert reminders(row) == ["Tomorrow"]


def test_6_7_21_no_reminder_after_cancelling(app: Flask, clock: time_machine.Traveller) -> None:
    row = registered(at_ten())
    withdraw(row)

    visit(clock, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == []


def test_6_7_21_reschedule_arms_the_reminders_again(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = registered(webinar)
    visit(clock, DAY_BEFORE)
    clock.shift(60)
    move(webinar, days=7)
    visit(clock, HOUR_BEFORE)
    assert reminders(row) == ["Tomorrow"]

    week = timedelta(days=7)
    visit(clock, DAY_BEFORE + week, HOUR_BEFORE + week)

    assert reminders(row) == ["Tomorrow", "Tomorrow", "In an hour"]


def test_late_worker_drops_what_is_no_longer_useful(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = registered(at_ten())

    visit(clock, START - timedelta(minutes=29))

    assert reminders(row) == []


def test_slightly_late_worker_still_reminds(app: Flask, clock: time_machine.Traveller) -> None:
    row = registered(at_ten())

    visit(clock, START - timedelta(minutes=31))

    assert reminders(row) == ["In an hour"]


def test_no_reminder_within_three_hours_of_another_mail(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    clock.move_to(DAY_BEFORE - timedelta(hours=1))
    row = registered(webinar)

    visit(clock, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == ["In an hour"]


def test_webinar_without_an_hour_has_no_reminders(app: Flask) -> None:
    webinar = at_ten()
    row = registered(webinar)
    planned = select(func.count(Job.id)).where(Job.name == "webinars.send_reminder")
    before = db.session.scalar(planned)
    with write() as session:
        webinar.starts_at = None
        session.flush()
        reminding.plan_for(row, webinar)

    assert db.session.scalar(planned) == before
