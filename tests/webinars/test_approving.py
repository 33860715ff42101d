from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import approving, registering, seats
from app.webinars.enums import CancelSource, RegistrationState, Status
from app.webinars.errors import NotAskedForApproval, RegistrationClosed, TakenOutByOrganiser
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers
from tests.factories_places import states_of, wait_for
from tests.factories_registrations import (
    guest,
    mails_to,
    make_registration,
    methods_and_sequences,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_organiser, make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
PENDING, REJECTED = RegistrationState.PENDING_APPROVAL, RegistrationState.REJECTED


def decide(act: Callable[..., None], registration: Registration, *words: Any) -> User:
    organiser = make_organiser()
    with write():
        act(registration, organiser, *words)
    db.session.refresh(registration)
    return organiser


def test_whoever_registers_waits_for_the_organisers_without_a_seat(app: Flask) -> None:
    webinar = make_webinar(capacity=1, needs_approval=True)

    row = register(webinar, guest("ask@demo.invalid"))
    work()

    assert (row.state, seats.taken_count(webinar)) == (PENDING, 0)
    (mail,) = mails_to("ask@demo.invalid")
    assert str(mail["Subject"]).startswith("Request received: Counting together")
    assert "The organisers decide who takes part" in text_of(mail)


def test_guests_confirm_their_address_before_organisers_see_them(app: Flask) -> None:
    webinar = make_webinar(needs_approval=True)
    with write():
        registering.ask_for_place(webinar, guest("ask@demo.invalid"), Answers(), "s")
    row = db.session.query(Registration).one()
    asked = row.state

    with write():
        registering.confirm_address(row)

    assert (asked, row.state) == (RegistrationState.PENDING_EMAIL, PENDING)


def test_approval_gives_the_seat_and_the_invitation(app: Flask) -> None:
    row = register(make_webinar(needs_approval=True), guest("ask@demo.invalid"))
    work()

    organiser = decide(approving.approve, row)
    work()

    assert (row.state, row.approved_by_id) == (CONFIRMED, organiser.id)
    assert row.approved_at is not None
    assert methods_and_sequences("ask@demo.invalid") == [("REQUEST", 0)]
    assert db.session.query(AuditEntry).filter_by(act="webinars.approve").count() == 1


def test_approving_twice_is_once(app: Flask) -> None:
    row = register(make_webinar(needs_approval=True))

    decide(approving.approve, row)
    first = row.approved_by_id
    decide(approving.approve, row)

    assert row.approved_by_id == first


def test_approval_of_a_full_webinar_is_a_place_on_the_list(app: Flask) -> None:
    webinar = make_webinar(capacity=1, needs_approval=True)
    make_registration(webinar)
    row = register(webinar, guest("ask@demo.invalid"))

    decide(approving.approve, row)
    work()

    assert row.state == WAITLISTED
    subjects = [str(mail["Subject"]).split(":")[0] for mail in mails_to("ask@demo.invalid")]
    assert subjects == ["Waiting list"]


def test_the_place_on_the_list_is_that_of_the_day_of_asking(app: Flask) -> None:
    webinar = make_webinar(capacity=1, needs_approval=True)
    seated = make_registration(webinar)
    first, second = register(webinar), register(webinar)

    decide(approving.approve, second)
    decide(approving.approve, first)
    withdraw(seated)

    assert states_of(first, second) == [CONFIRMED, WAITLISTED]


def test_refused_person_is_told_why_and_holds_nothing(app: Flask) -> None:
    webinar = make_webinar(capacity=1, needs_approval=True)
    row = register(webinar, guest("ask@demo.invalid"))
    work()

    decide(approving.reject, row, " It is for city staff. ")
    decide(approving.reject, row, "Again.")
    work()

    assert (row.state, row.reject_reason) == (REJECTED, "It is for city staff.")
    mail = mails_to("ask@demo.invalid")[-1]
    assert str(mail["Subject"]).startswith("No place for you: Counting together")
    assert "It is for city staff." in text_of(mail)
    assert len(mails_to("ask@demo.invalid")) == 2


def test_refused_without_a_reason_reads_well(app: Flask) -> None:
    row = register(make_webinar(needs_approval=True), guest("ask@demo.invalid"))

    decide(approving.reject, row, "")
    work()

    assert "They write" not in text_of(mails_to("ask@demo.invalid")[-1])


def test_refused_person_cannot_register_or_withdraw_into_another_try(app: Flask) -> None:
    webinar = make_webinar(needs_approval=True)
    row = register(webinar, guest("ask@demo.invalid"))
    decide(approving.reject, row, "")

    withdraw(row)
    again = register(webinar, guest("ask@demo.invalid"))

    assert (again.id, again.state) == (row.id, REJECTED)


def test_organisers_may_change_their_mind(app: Flask) -> None:
    row = register(make_webinar(needs_approval=True))
    decide(approving.reject, row, "Full of cities.")

    decide(approving.approve, row)

    assert (row.state, row.reject_reason) == (CONFIRMED, "")


def test_decided_and_withdrawn_people_are_not_decided_about(app: Flask) -> None:
    webinar = make_webinar(needs_approval=True)
    gone, seated = register(webinar), make_registration(webinar)
    withdraw(gone)

    for act, row in ((approving.approve, gone), (approving.approve, seated)):
        with pytest.raises(NotAskedForApproval):
            decide(act, row)
    with pytest.raises(NotAskedForApproval):
        decide(approving.reject, seated, "")


def test_nobody_is_approved_for_what_is_over_or_off(app: Flask) -> None:
    soon = make_webinar(starts_in=timedelta(hours=3), needs_approval=True)
    row = register(soon)
    off = make_webinar(status=Status.CANCELLED)

    with time_machine.travel(utcnow() + timedelta(hours=9)), pytest.raises(RegistrationClosed):
        decide(approving.approve, row)
    with pytest.raises(RegistrationClosed):
        decide(approving.approve, make_registration(off, state=PENDING))


def test_approved_person_who_cancelled_comes_back_without_asking_again(app: Flask) -> None:
    row = register(make_webinar(needs_approval=True))
    decide(approving.approve, row)
    withdraw(row)

    with write():
        registering.take_back(row)

    assert row.state == CONFIRMED


def test_whom_the_organisers_took_out_stays_out(app: Flask) -> None:
    webinar = make_webinar(needs_approval=True)
    row = register(webinar, guest("ask@demo.invalid"))
    decide(approving.approve, row)
    with write():
        registering.withdraw(row, CancelSource.ORGANISER)

    with pytest.raises(TakenOutByOrganiser):
        register(webinar, guest("ask@demo.invalid"))


def test_who_is_decided_about_takes_no_seat_from_the_list(app: Flask) -> None:
    webinar: Webinar = make_webinar(capacity=1, needs_approval=True)
    seated, waiting = make_registration(webinar), wait_for(webinar, 1)
    pending = register(webinar)

    withdraw(seated)

    assert states_of(waiting, pending) == [CONFIRMED, PENDING]
