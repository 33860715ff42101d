from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.core.db import db, write
from app.core.jobs import perform
from app.webinars.enums import RegistrationState, Status
from tests.factories_registrations import (
    all_mails,
    mails_to,
    make_registration,
    methods_and_sequences,
    register,
    work,
)
from tests.factories_webinars import make_webinar

State = RegistrationState


def do(name: str, registration_id: int, **payload: object) -> None:
    if name.endswith("_link"):
        payload["asked"] = "2026031008.1"
    with write():
        perform(name, {"registration_id": registration_id, **payload})


@pytest.mark.parametrize(
    ("name", "state", "status"),
    [
        ("webinars.send_request", State.CONFIRMED, Status.PUBLISHED),
        ("webinars.send_confirm_link", State.PENDING_EMAIL, Status.PUBLISHED),
        ("webinars.send_waitlisted", State.WAITLISTED, Status.PUBLISHED),
        ("webinars.send_own_link", State.CONFIRMED, Status.PUBLISHED),
        ("webinars.send_not_held", State.WAITLISTED, Status.CANCELLED),
    ],
)
def test_job_done_twice_is_one_mail(app: Flask, name: str, state: State, status: Status) -> None:
    row = make_registration(make_webinar(status=status), state=state)

    do(name, row.id)
    do(name, row.id)

    assert len(mails_to(row.email)) == 1


@pytest.mark.parametrize(
    ("name", "state", "status"),
    [
        ("webinars.send_request", State.CANCELLED, Status.PUBLISHED),
        ("webinars.send_request", State.WAITLISTED, Status.PUBLISHED),
        ("webinars.send_request", State.CONFIRMED, Status.CANCELLED),
        ("webinars.send_cancel", State.CONFIRMED, Status.PUBLISHED),
        ("webinars.send_cancel", State.CANCELLED, Status.PUBLISHED),
        ("webinars.send_confirm_link", State.CONFIRMED, Status.PUBLISHED),
        ("webinars.send_waitlisted", State.CONFIRMED, Status.PUBLISHED),
        ("webinars.send_own_link", State.CANCELLED, Status.PUBLISHED),
        ("webinars.send_not_held", State.WAITLISTED, Status.PUBLISHED),
    ],
)
def test_job_that_was_overtaken_does_nothing(
    app: Flask, name: str, state: State, status: Status
) -> None:
    row = make_registration(make_webinar(status=status), state=state)

    do(name, row.id)

    assert all_mails() == []


def test_nothing_is_sent_about_a_past_webinar(app: Flask) -> None:
    webinar = make_webinar(starts_in=timedelta(days=-1))
    sent = {"ics_last_method": "REQUEST", "ics_last_sequence": 0}
    leaver = make_registration(webinar, state=State.CANCELLED, **sent)
    comer = make_registration(webinar)

    do("webinars.send_cancel", leaver.id)
    do("webinars.send_request", comer.id)
    do("webinars.send_own_link", comer.id)

    assert all_mails() == []


def test_what_a_calendar_was_told_is_written_down(app: Flask) -> None:
    webinar = make_webinar(sequence=3)
    row = register(webinar)
    work()
    db.session.refresh(row)

    assert (row.ics_last_method, row.ics_last_sequence) == ("REQUEST", 3)
    assert row.ics_last_sent_at is not None
    assert methods_and_sequences(row.email) == [("REQUEST", 3)]
