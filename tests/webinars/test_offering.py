from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import offering, registering, seats
from app.webinars.enums import RegistrationState, Waiting
from app.webinars.errors import OfferOver
from app.webinars.models import Registration, Webinar
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
from tests.factories_webinars import make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
OFFERED, EXPIRED = RegistrationState.OFFERED, RegistrationState.EXPIRED
NEXT = "next@demo.invalid"


def offered(starts_in: timedelta = timedelta(days=7)) -> tuple[Webinar, Registration, Registration]:
    """A full webinar, somebody to whom the only seat is offered, and the one behind."""
    webinar = make_webinar(capacity=1, waiting=Waiting.OFFER, starts_in=starts_in)
    seated = make_registration(webinar)
    first, second = wait_for(webinar, 1, email=NEXT), wait_for(webinar, 2)
    withdraw(seated)
    db.session.refresh(first)
    return webinar, first, second


def test_free_seat_is_offered_to_the_first_in_line_alone(app: Flask) -> None:
    webinar, first, second = offered()
    work()

    assert states_of(first, second) == [OFFERED, WAITLISTED]
    assert seats.free_count(webinar) == 0
    (mail,) = mails_to(NEXT)
    assert str(mail["Subject"]).strip().startswith("A seat for you until ")
    assert f"/registrations/{first.token}" in text_of(mail)


@pytest.mark.parametrize(
    ("starts_in", "lasts"),
    [
        (timedelta(days=7), timedelta(hours=24)),
        (timedelta(hours=48), timedelta(hours=24)),
        (timedelta(hours=20), timedelta(hours=10)),
        (timedelta(hours=3), timedelta(hours=2)),
    ],
)
def test_offer_lasts_a_day_or_half_the_time_but_two_hours(
    app: Flask, starts_in: timedelta, lasts: timedelta
) -> None:
    _, first, _ = offered(starts_in + timedelta(minutes=1))

    assert first.offered_at is not None
    assert first.offered_until is not None
    assert abs(first.offered_until - first.offered_at - lasts) < timedelta(minutes=2)


def test_nothing_is_offered_in_the_last_two_hours(app: Flask) -> None:
    _, first, second = offered(timedelta(minutes=110))

    assert states_of(first, second) == [WAITLISTED, WAITLISTED]


def test_accepted_offer_is_a_seat_with_an_invitation(app: Flask) -> None:
    _, first, second = offered()
    work()

    for _ in range(2):
        with write():
            offering.accept(first)
    work()

    assert states_of(first, second) == [CONFIRMED, WAITLISTED]
    assert first.offered_until is None
    assert methods_and_sequences(NEXT) == [("REQUEST", 0)]


def test_declined_offer_goes_to_the_next(app: Flask) -> None:
    _, first, second = offered()
    work()

    for _ in range(2):
        with write():
            offering.decline(first)
    work()

    assert states_of(first, second) == [RegistrationState.CANCELLED, OFFERED]
    assert len(mails_to(NEXT)) == 1


def test_offer_without_answer_ends_by_itself_and_goes_to_the_next(app: Flask) -> None:
    _, first, second = offered()

    with time_machine.travel(utcnow() + timedelta(hours=25)):
        work()
        with pytest.raises(OfferOver), write():
            offering.accept(first)

    assert states_of(first, second) == [EXPIRED, OFFERED]


def test_offer_that_is_over_is_not_accepted_even_before_the_job_ran(app: Flask) -> None:
    _, first, _ = offered()

    with (
        time_machine.travel(utcnow() + timedelta(hours=25)),
        pytest.raises(OfferOver),
        write(),
    ):
        offering.accept(first)


def test_old_job_does_not_end_a_newer_offer(app: Flask) -> None:
    webinar, first, _ = offered()
    old = first.offered_at
    assert old is not None

    with time_machine.travel(utcnow() + timedelta(hours=20)):
        with write():
            held = seats.hold(webinar.id)
            seats.hold_all(held)
            seats.resume_all(held)
        newer = first.offered_at
        with write():
            offering.expire(first, old)

    assert newer != old
    assert first.state == OFFERED


def test_offer_is_not_ended_before_its_time(app: Flask) -> None:
    _, first, _ = offered()
    assert first.offered_at is not None

    with write():
        offering.expire(first, first.offered_at)

    assert first.state == OFFERED


def test_who_let_an_offer_pass_may_register_again_at_the_end(app: Flask) -> None:
    webinar, first, second = offered()
    with time_machine.travel(utcnow() + timedelta(hours=25)):
        work()
        again = register(webinar, guest(NEXT))

    assert again.id == first.id
    assert states_of(first, second) == [WAITLISTED, OFFERED]


def test_who_has_an_offer_can_withdraw(app: Flask) -> None:
    _, first, second = offered()

    withdraw(first)

    assert states_of(first, second) == [RegistrationState.CANCELLED, OFFERED]


def test_more_seats_are_offered_to_as_many_people(app: Flask) -> None:
    webinar = make_webinar(capacity=1, waiting=Waiting.OFFER)
    make_registration(webinar)
    line = [wait_for(webinar, number) for number in range(4)]

    with write():
        held = seats.hold(webinar.id)
        held.capacity = 3
        promoted = len(seats.promote(held))
        again = len(seats.promote(held))

    assert (promoted, again) == (2, 0)
    assert states_of(*line) == [OFFERED, OFFERED, WAITLISTED, WAITLISTED]


def test_mail_about_the_list_says_that_a_seat_is_offered(app: Flask) -> None:
    webinar = make_webinar(capacity=1, waiting=Waiting.OFFER)
    make_registration(webinar)
    register(webinar, guest("late@demo.invalid"))
    work()

    (mail,) = mails_to("late@demo.invalid")
    assert "we offer it to you by mail" in text_of(mail)
    assert "You need not do anything" not in text_of(mail)


def test_offer_of_a_past_round_is_not_mailed(app: Flask) -> None:
    _, first, _ = offered()
    with write():
        registering.withdraw(first)

    work()

    assert mails_to(NEXT) == []
