from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import Job
from app.webinars import inviting, reminding
from app.webinars.enums import SpeakerState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.reminding import Reminder, due
from tests.factories_registrations import (
    all_mails,
    at,
    guest,
    mails_to,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_speaker, make_webinar

NOW = "2026-03-10T08:15:00+00:00"
START = at("2026-03-25T09:00:00+00:00")
DAY_BEFORE = at("2026-03-24T08:00:00+00:00")  # nine in Brussels
HOUR_BEFORE = at("2026-03-25T08:00:00+00:00")
WEEK_BEFORE = at("2026-03-18T08:00:00+00:00")
LATER = START + timedelta(minutes=5)
NEXT_DAY = at("2026-03-26T09:00:00+00:00")  # ten in Brussels
A_MOMENT = timedelta(minutes=1)
LONG_BASE = "https://interurban.a-network-of-cities.example.org"
BY_CLOCK = {
    "In a week", "Tomorrow", "In an hour", "It has started", "Thank you for coming",
    "You were missed",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


def at_ten(**changes: Any) -> Webinar:
    webinar = make_webinar(
        "Housing", starts_at=START, ends_at=START + timedelta(hours=1), **changes
    )
    with write():
        reminding.plan(webinar)
    return webinar


def registered(webinar: Webinar, **changes: str) -> Registration:
    row = register(webinar, guest(**changes))
    work()
    return row


def move(webinar: Webinar, days: int) -> None:
    with write():
        before = {"starts_at": webinar.starts_at}
        webinar.starts_at += timedelta(days=days)  # type: ignore[assignment, operator]
        webinar.ends_at += timedelta(days=days)  # type: ignore[assignment, operator]
        webinar.lock_version += 1
        inviting.tell_change(webinar, before)
        reminding.plan(webinar)


def reminders(row: Registration) -> list[str]:
    starts = [message["Subject"].split(":")[0] for message in mails_to(row.email)]
    return [word for word in starts if word in BY_CLOCK]


def visit(clock: time_machine.Traveller, *moments: object) -> None:
    for moment in moments:
        clock.move_to(moment)  # type: ignore[arg-type]
        work()


def test_reminders_come_a_week_a_day_and_an_hour_before(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = registered(at_ten())
    visit(clock, WEEK_BEFORE - timedelta(minutes=1))
    assert reminders(row) == []

    visit(clock, WEEK_BEFORE, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == ["In a week", "Tomorrow", "In an hour"]


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
    assert reminders(row) == ["Tomorrow", "In a week"]

    week = timedelta(days=7)
    visit(clock, DAY_BEFORE + week, HOUR_BEFORE + week)

    assert reminders(row) == ["Tomorrow", "In a week", "Tomorrow", "In an hour"]


def test_late_worker_drops_what_is_no_longer_useful(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = registered(at_ten())
    visit(clock, WEEK_BEFORE)

    visit(clock, START - timedelta(minutes=29))

    assert reminders(row) == ["In a week"]


@pytest.mark.parametrize(
    ("kind", "last"),
    [
        ("In a week", START - timedelta(days=2)),
        ("Tomorrow", START - timedelta(hours=3)),
        ("In an hour", START - timedelta(minutes=30)),
    ],
)
def test_late_worker_reminds_until_it_is_too_late(
    app: Flask, clock: time_machine.Traveller, kind: str, last: datetime
) -> None:
    webinar = at_ten()
    row = registered(webinar)

    visit(clock, last - A_MOMENT)

    assert kind in reminders(row)


@pytest.mark.parametrize(
    ("kind", "too_late"),
    [
        ("In a week", START - timedelta(days=2) + timedelta(seconds=1)),
        ("Tomorrow", START - timedelta(hours=3) + timedelta(seconds=1)),
        ("In an hour", START - timedelta(minutes=30) + timedelta(seconds=1)),
    ],
)
def test_worker_that_is_too_late_does_not_remind(
    app: Flask, clock: time_machine.Traveller, kind: str, too_late: datetime
) -> None:
    row = registered(at_ten())

    visit(clock, too_late)

    assert kind not in reminders(row)


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
    names = ["webinars.send_reminder", "webinars.remind"]
    planned = select(func.count(Job.id)).where(Job.name.in_(names))
    before = db.session.scalar(planned)
    with write() as session:
        webinar.starts_at = None
        session.flush()
        reminding.plan(webinar)
        reminding.plan_for(row, webinar)

    assert db.session.scalar(planned) == before


def test_six_rounds_are_all_that_an_early_registration_costs(app: Flask) -> None:
    webinar = at_ten()
    rounds = select(func.count(Job.id)).where(Job.name == "webinars.remind")
    mails = select(func.count(Job.id)).where(Job.name == "webinars.send_reminder")

    registered(webinar)

    assert (db.session.scalar(rounds), db.session.scalar(mails)) == (6, 0)


def test_week_reminder_is_for_those_who_registered_nine_days_before(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    clock.move_to(START - timedelta(days=9) - A_MOMENT)
    early = registered(webinar)
    clock.move_to(START - timedelta(days=9) + timedelta(seconds=1))
    late = registered(webinar)

    visit(clock, WEEK_BEFORE)

    assert (reminders(early), reminders(late)) == (["In a week"], [])


def test_who_registers_in_the_last_days_is_still_reminded_the_day_before(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    visit(clock, START - timedelta(days=3))
    clock.move_to(START - timedelta(days=2))
    row = registered(webinar)

    visit(clock, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == ["Tomorrow", "In an hour"]


def test_who_is_missing_is_told_that_it_has_started_where_organisers_want_it(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar, silent = at_ten(tells_late=True), at_ten()
    missing, there, untold = registered(webinar), registered(webinar), registered(silent)
    visit(clock, START)
    with write():
        there.joined_at = utcnow()

    visit(clock, LATER)

    assert [reminders(row)[-1:] for row in (missing, there, untold)] == [
        ["It has started"],
        [],
        [],
    ]
    assert f"/webinars/{webinar.id}/join?t={missing.token}" in text_of(mails_to(missing.email)[-1])


def test_thanks_or_missed_come_at_ten_on_the_next_working_day(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    came, missed = registered(webinar), registered(webinar, timezone="Europe/Athens")
    clock.move_to(START)
    with write():
        came.joined_at = utcnow()
    visit(clock, START + timedelta(hours=1), NEXT_DAY - timedelta(minutes=61))
    assert [reminders(row) for row in (came, missed)] == [[], []]

    visit(clock, NEXT_DAY - timedelta(hours=1))
    assert [reminders(row) for row in (came, missed)] == [[], ["You were missed"]]
    visit(clock, NEXT_DAY)

    assert reminders(came) == ["Thank you for coming"]
    assert f"/registrations/{came.token}" in text_of(mails_to(came.email)[-1])


@pytest.mark.parametrize(
    ("ends_at", "thanks_at"),
    [
        ("2026-03-26T10:00:00+00:00", "2026-03-27T09:00:00+00:00"),  # Thursday: Friday
        ("2026-03-27T10:00:00+00:00", "2026-03-30T08:00:00+00:00"),  # Friday: Monday, in summer
        ("2026-03-28T10:00:00+00:00", "2026-03-30T08:00:00+00:00"),  # Saturday
        ("2026-03-29T10:00:00+00:00", "2026-03-30T08:00:00+00:00"),  # Sunday
        ("2026-03-26T23:30:00+00:00", "2026-03-30T08:00:00+00:00"),  # Friday already in Brussels
    ],
)
def test_next_working_day(ends_at: str, thanks_at: str) -> None:
    start = at(ends_at) - timedelta(hours=1)
    assert due(Reminder.AFTER, start, "Europe/Brussels", at(ends_at)) == at(thanks_at)


def test_nobody_is_thanked_before_the_end_that_was_put_back(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = registered(webinar)
    with write():
        webinar.ends_at = START + timedelta(days=2)
        webinar.lock_version += 1
        reminding.plan(webinar)

    visit(clock, NEXT_DAY)
    assert reminders(row) == []
    visit(clock, START + timedelta(days=2), at("2026-03-30T08:00:00+00:00"))

    assert reminders(row) == ["You were missed"]


def test_stopped_reminders_do_not_come_but_calendar_mails_do(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(tells_late=True)
    row = registered(webinar)
    with write():
        reminding.stop(row)
    visit(clock, WEEK_BEFORE, DAY_BEFORE)
    move(webinar, days=1)

    day = timedelta(days=1)
    visit(clock, DAY_BEFORE + day, HOUR_BEFORE + day, LATER + day, NEXT_DAY + day)

    subjects = [message["Subject"].split(":")[0] for message in mails_to(row.email)]
    assert subjects == ["Invitation", "Updated"]


def test_reminders_can_be_brought_back(app: Flask, clock: time_machine.Traveller) -> None:
    row = registered(at_ten())
    with write():
        reminding.stop(row)
    visit(clock, WEEK_BEFORE)
    with write():
        reminding.resume(row)

    visit(clock, DAY_BEFORE)

    assert reminders(row) == ["Tomorrow"]


@pytest.mark.parametrize("status", [Status.POSTPONED, Status.CANCELLED])
def test_no_reminder_of_a_webinar_that_is_off(
    app: Flask, clock: time_machine.Traveller, status: Status
) -> None:
    webinar = at_ten(tells_late=True)
    row = registered(webinar)
    visit(clock, DAY_BEFORE - timedelta(hours=1))
    with write():
        webinar.status = status

    visit(clock, DAY_BEFORE, HOUR_BEFORE, LATER, START + timedelta(hours=1), NEXT_DAY)

    assert reminders(row) == []


def test_moved_away_and_back_reminds_again_but_never_twice(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = registered(webinar)
    visit(clock, WEEK_BEFORE)
    move(webinar, days=14)
    visit(clock, START - timedelta(days=3))
    move(webinar, days=-14)

    visit(clock, DAY_BEFORE, HOUR_BEFORE)

    assert reminders(row) == ["In a week", "Tomorrow", "In an hour"]


def test_what_was_never_due_after_a_move_is_not_sent(
    app: Flask, clock: time_machine.Traveller
) -> None:
    """Moved from two weeks to five days ahead: nobody hears "in a week"."""
    webinar = at_ten()
    row = registered(webinar)
    visit(clock, at("2026-03-11T09:00:00+00:00"))
    move(webinar, days=-9)
    work()

    assert reminders(row) == []


def test_plans_that_are_missing_are_made(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = make_webinar("Housing", starts_at=START, ends_at=START + timedelta(hours=1))
    row = registered(webinar)
    clock.move_to(START - timedelta(days=8))
    with write():
        reminding.plan_forgotten()
        reminding.plan_forgotten()

    visit(clock, WEEK_BEFORE, DAY_BEFORE)

    assert reminders(row) == ["In a week", "Tomorrow"]


def test_a_round_queues_one_mail_for_each_person(app: Flask) -> None:
    webinar = at_ten()
    people = [registered(webinar) for _ in range(5)]
    with write():
        first = reminding.go_round(webinar, Reminder.DAY, utcnow())
    assert first is None
    queued = select(func.count(Job.id)).where(Job.name == "webinars.send_reminder")
    assert db.session.scalar(queued) == len(people)


def test_who_speaks_is_reminded_as_a_speaker_only(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(tells_late=True)
    row = registered(webinar)
    make_speaker(webinar, email=row.email, state=SpeakerState.CONFIRMED)
    visit(clock, HOUR_BEFORE, LATER, START + timedelta(hours=1), NEXT_DAY)

    subjects = [message["Subject"].split(":")[0] for message in mails_to(row.email)]
    assert subjects == ["Invitation", "In an hour you speak"]


def test_reminders_say_how_to_end_them(app: Flask, clock: time_machine.Traveller) -> None:
    row = registered(at_ten())
    visit(clock, DAY_BEFORE)

    reminder = mails_to(row.email)[-1]
    stop = f"http://localhost/registrations/{row.token}/reminders/stop"
    assert reminder["List-Unsubscribe"] == f"<{stop}>"
    assert reminder["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in text_of(reminder)


def test_a_long_address_to_end_them_stays_readable_for_machines(
    app: Flask, clock: time_machine.Traveller
) -> None:
    row = registered(at_ten())
    base = app.config["BASE_URL"]
    try:
        app.config["BASE_URL"] = LONG_BASE
        visit(clock, DAY_BEFORE)
    finally:
        app.config["BASE_URL"] = base

    lines = b"\r\n".join(all_mails()).split(b"\r\n")
    (line,) = [line for line in lines if line.startswith(b"List-Unsubscribe:")]
    address = f"{LONG_BASE}/registrations/{row.token}/reminders/stop"
    assert line.decode() == f"List-Unsubscribe: <{address}>"
