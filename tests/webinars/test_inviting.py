from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.webinars import inviting
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Webinar
from tests.factories_registrations import (
    at,
    event_of,
    guest,
    mails_to,
    make_registration,
    methods_and_sequences,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

NOW = "2026-03-10T08:15:00+00:00"
START = at("2026-03-25T09:00:00+00:00")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def patient(app: Flask) -> Iterator[None]:
    """Wait for ten quiet minutes, as outside of the demo."""
    app.config["QUIET_MINUTES"] = 10
    yield
    del app.config["QUIET_MINUTES"]


def at_ten(**changes: Any) -> Webinar:
    values: dict[str, Any] = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    return make_webinar("Housing", **(values | changes))


def move(webinar: Webinar, hours: int = 1) -> None:
    with write():
        db.session.refresh(webinar)
        before = {"starts_at": webinar.starts_at, "ends_at": webinar.ends_at}
        webinar.starts_at += timedelta(hours=hours)  # type: ignore[assignment, operator]
        webinar.ends_at += timedelta(hours=hours)  # type: ignore[assignment, operator]
        inviting.tell_change(webinar, before)


def call_off(webinar: Webinar) -> None:
    with write():
        webinar.status = Status.CANCELLED
        inviting.tell_cancelled(webinar)


@pytest.mark.usefixtures("patient")
def test_two_changes_within_ten_minutes_are_one_mail_with_the_first_past(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = register(webinar, guest("told@demo.invalid"))
    work()
    clock.shift(60)
    move(webinar)
    clock.shift(timedelta(minutes=5))
    move(webinar)
    clock.shift(timedelta(minutes=6))
    work()
    assert methods_and_sequences(row.email) == [("REQUEST", 0)]

    clock.shift(timedelta(minutes=5))
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("REQUEST", 2)]
    update = text_of(mails_to(row.email)[-1])
    assert "Time: Wed 25 Mar 2026, 12:00–13:00 (Brussels)" in update
    assert "Before: Wed 25 Mar 2026, 10:00–11:00 (Brussels)" in update


@pytest.mark.usefixtures("patient")
def test_changes_far_apart_are_two_mails(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = register(webinar)
    work()
    for _ in range(2):
        move(webinar)
        clock.shift(timedelta(minutes=11))
        work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 2)]
    assert "Before: Wed 25 Mar 2026, 11:00" in text_of(mails_to(row.email)[-1])


@pytest.mark.usefixtures("patient")
def test_who_registers_while_a_change_waits_is_told_once(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    move(webinar)
    clock.shift(60)
    row = register(webinar)
    work()
    clock.shift(timedelta(minutes=12))
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 1)]
    assert event_of(mails_to(row.email)[0]).start == webinar.starts_at


def test_change_reaches_people_with_a_seat_only(app: Flask) -> None:
    webinar = at_ten(capacity=1)
    leaver = register(webinar)
    work()
    withdraw(leaver)
    work()
    seated, waiting = register(webinar), register(webinar)
    work()
    move(webinar)
    work()

    assert methods_and_sequences(seated.email) == [("REQUEST", 0), ("REQUEST", 1)]
    assert methods_and_sequences(waiting.email) == []
    assert methods_and_sequences(leaver.email) == [("REQUEST", 0), ("CANCEL", 1)]


def test_change_after_coming_back_is_above_everything_sent_before(app: Flask) -> None:
    webinar, person = at_ten(), guest("back@demo.invalid")
    for _ in range(2):
        row = register(webinar, person)
        work()
        withdraw(row)
        work()
    register(webinar, person)
    work()
    move(webinar)
    work()

    assert methods_and_sequences("back@demo.invalid")[-2:] == [("REQUEST", 4), ("REQUEST", 5)]


def test_nothing_is_mailed_about_drafts_and_past_webinars(app: Flask) -> None:
    draft = at_ten(published=False)
    past = make_webinar(starts_in=timedelta(days=-2))
    for webinar in (draft, past):
        with write():
            inviting.tell_change(webinar, {"title": "Before"})
            inviting.tell_cancelled(webinar)

    assert (draft.sequence, past.sequence) == (0, 0)


def test_no_changed_field_is_no_change(app: Flask) -> None:
    webinar = at_ten()
    with write():
        inviting.tell_change(webinar, {})

    assert (webinar.sequence, webinar.changed_at) == (0, None)


def test_calling_off_takes_it_out_of_each_calendar_once(app: Flask) -> None:
    webinar = at_ten(capacity=1)
    seated, waiting = register(webinar), register(webinar)
    work()

    call_off(webinar)
    work()
    call_off(webinar)
    work()

    assert methods_and_sequences(seated.email) == [("REQUEST", 0), ("CANCEL", 1)]
    assert [m["Subject"].split(":")[0] for m in mails_to(waiting.email)] == [
        "Waiting list",
        "Cancelled",
    ]


@pytest.mark.usefixtures("patient")
def test_calling_off_overtakes_a_change_that_waits(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = register(webinar)
    work()
    move(webinar)
    call_off(webinar)
    work()
    clock.shift(timedelta(minutes=15))
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 2)]


def test_nobody_is_told_again_after_the_end(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = register(webinar)
    work()
    call_off(webinar)
    clock.move_to(START + timedelta(hours=2))
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0)]


def test_sequence_of_a_first_mail_is_the_webinars(app: Flask) -> None:
    webinar = at_ten(sequence=7)
    row = make_registration(webinar)

    assert inviting.next_sequence(row, webinar) == 7
    row.ics_last_sequence = 9
    assert inviting.next_sequence(row, webinar) == 10
    db.session.rollback()


def test_person_whose_request_was_never_confirmed_hears_nothing(app: Flask) -> None:
    webinar = at_ten()
    row = make_registration(webinar, state=RegistrationState.PENDING_EMAIL)
    move(webinar)
    call_off(webinar)
    work()

    assert mails_to(row.email) == []
