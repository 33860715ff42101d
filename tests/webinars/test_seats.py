from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import perform
from app.webinars import registering, scheduling, seats
from app.webinars.enums import RegistrationState, Status, Waiting
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers
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
from tests.hostile.seat_rush import at_once
from tests.webinars.test_scheduling import details_of

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


def states(webinar: Webinar) -> Counter[RegistrationState]:
    db.session.rollback()
    rows = db.session.query(Registration).filter_by(webinar_id=webinar.id)
    return Counter(row.state for row in rows)


def test_twenty_at_once_for_five_seats_fill_five_and_wait_in_order(app: Flask) -> None:
    webinar_id = make_webinar(capacity=5).id
    people = [guest() for _ in range(20)]

    def come(number: int) -> Callable[[], None]:
        def act() -> None:
            with write():
                webinar = seats.hold(webinar_id)
                registering.register(webinar, people[number], Answers())

        return act

    at_once(app, [come(number) for number in range(20)])

    webinar = db.session.get_one(Webinar, webinar_id)
    assert states(webinar) == {CONFIRMED: 5, WAITLISTED: 15}
    waiting = db.session.query(Registration).filter_by(state=WAITLISTED)
    in_order = sorted(waiting, key=lambda row: (row.queued_at, row.id))
    assert [seats.place_in_line(row) for row in in_order] == list(range(1, 16))
    assert webinar.waitlisted_most == 15


def test_the_longest_waiting_list_is_remembered_when_it_is_gone(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    first, second, third = (register(webinar) for _ in range(3))
    for registration in (third, second):
        withdraw(registration)
    register(webinar)
    withdraw(first)

    db.session.rollback()
    assert states(webinar)[WAITLISTED] == 0
    assert webinar.waitlisted_most == 2


def test_offers_of_a_postponed_webinar_count_as_waiting_again(app: Flask) -> None:
    webinar = make_webinar(capacity=1, waiting=Waiting.OFFER)
    first, _second = register(webinar), register(webinar)
    withdraw(first)
    register(webinar)
    with write():
        seats.hold_all(seats.hold(webinar.id))

    db.session.rollback()
    assert states(webinar)[WAITLISTED] == 2
    assert webinar.waitlisted_most == 2


def test_6_7_18_each_cancellation_frees_one_seat_and_moves_one_person_up(app: Flask) -> None:
    webinar = make_webinar(capacity=20)
    seated = [make_registration(webinar).id for _ in range(20)]
    now = utcnow()
    waiting = [
        make_registration(
            webinar, state=WAITLISTED, confirmed_at=None, queued_at=now + timedelta(seconds=n)
        ).id
        for n in range(30)
    ]

    def leave(registration_id: int) -> Callable[[], None]:
        def act() -> None:
            registration = db.session.get_one(Registration, registration_id)
            with write():
                registering.withdraw(registration)

        return act

    at_once(app, [leave(registration_id) for registration_id in seated])

    assert states(webinar) == {
        CONFIRMED: 20,
        WAITLISTED: 10,
        RegistrationState.CANCELLED: 20,
    }
    moved_up = [row for row in waiting if db.session.get_one(Registration, row).state == CONFIRMED]
    assert moved_up == waiting[:20]


def test_person_who_moves_up_is_invited_and_told_why(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    first = register(webinar)
    register(webinar, guest("next@demo.invalid"))
    work()

    withdraw(first)
    work()

    invitation = mails_to("next@demo.invalid")[-1]
    assert methods_and_sequences("next@demo.invalid") == [("REQUEST", 0)]
    assert "A seat is free: you are registered." in text_of(invitation)
    assert "short notice" not in text_of(invitation)


def test_moving_up_on_the_last_day_says_short_notice(app: Flask) -> None:
    webinar = make_webinar(capacity=1, starts_in=timedelta(hours=20))
    first = register(webinar)
    register(webinar, guest("next@demo.invalid"))

    withdraw(first)
    work()

    assert "It is short notice." in text_of(mails_to("next@demo.invalid")[-1])


def test_nobody_moves_up_in_the_last_two_hours(app: Flask) -> None:
    webinar = make_webinar(capacity=1, starts_in=timedelta(hours=3))
    first, waiting = register(webinar), register(webinar)

    with time_machine.travel(utcnow() + timedelta(minutes=70)):
        withdraw(first)
        newcomer = register(webinar)

    db.session.refresh(waiting)
    assert (waiting.state, newcomer.state) == (WAITLISTED, WAITLISTED)


def test_more_seats_move_people_up(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    rows = [register(webinar) for _ in range(4)]

    with write():
        held = seats.hold(webinar.id)
        held.capacity = 3
        seats.promote(held)

    assert [row.state for row in rows] == [CONFIRMED, CONFIRMED, CONFIRMED, WAITLISTED]


def test_fewer_seats_evict_nobody_and_give_none_away(app: Flask) -> None:
    webinar = make_webinar(capacity=3)
    rows = [register(webinar) for _ in range(3)]
    with write():
        seats.hold(webinar.id).capacity = 1

    withdraw(rows[0])
    late = register(webinar)

    assert [row.state for row in rows[1:]] == [CONFIRMED, CONFIRMED]
    assert late.state == WAITLISTED
    assert seats.free_count(webinar) == 0


def test_without_a_limit_everybody_has_a_seat(app: Flask) -> None:
    webinar = make_webinar(capacity=None)

    assert [register(webinar).state for _ in range(3)] == [CONFIRMED] * 3
    assert seats.free_count(webinar) is None
    assert seats.has_room(webinar)


def test_raising_the_capacity_on_the_form_moves_people_up(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    rows = [register(webinar) for _ in range(3)]
    actor = webinar.organisers[0].user

    with write():
        details = details_of(webinar, capacity=2)
        scheduling.update_details(webinar, details, actor, version=webinar.lock_version)

    assert [row.state for row in rows] == [CONFIRMED, CONFIRMED, WAITLISTED]


def postponed(webinar: Webinar) -> None:
    with write():
        held = seats.hold(webinar.id)
        held.status = Status.POSTPONED
        seats.hold_all(held)


def resumed(webinar: Webinar) -> None:
    with write():
        held = seats.hold(webinar.id)
        held.status = Status.PUBLISHED
        seats.resume_all(held)


def test_seats_of_a_postponed_webinar_are_kept(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    seated, waiting = register(webinar), register(webinar)

    postponed(webinar)
    meanwhile = [row.state for row in (seated, waiting)]
    resumed(webinar)

    assert meanwhile == [RegistrationState.ON_HOLD, WAITLISTED]
    assert [row.state for row in (seated, waiting)] == [CONFIRMED, WAITLISTED]


def test_seat_given_up_meanwhile_goes_to_the_next_with_the_new_date(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    seated, waiting = register(webinar), register(webinar)
    postponed(webinar)

    withdraw(seated)
    meanwhile = states(webinar)
    resumed(webinar)

    assert meanwhile == {RegistrationState.CANCELLED: 1, WAITLISTED: 1}
    assert states(webinar) == {RegistrationState.CANCELLED: 1, CONFIRMED: 1}
    assert waiting.state == CONFIRMED


def test_offered_seat_is_offered_anew_with_the_new_date(app: Flask) -> None:
    webinar = make_webinar(capacity=1, waiting=Waiting.OFFER)
    seated, first, second = (register(webinar) for _ in range(3))
    withdraw(seated)
    assert first.state == RegistrationState.OFFERED

    postponed(webinar)
    meanwhile = [row.state for row in (first, second)]
    resumed(webinar)

    assert meanwhile == [WAITLISTED, WAITLISTED]
    assert [row.state for row in (first, second)] == [RegistrationState.OFFERED, WAITLISTED]


def test_the_hourly_round_gives_seats_that_nobody_said_are_free(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    _, waiting = register(webinar), register(webinar)
    off = make_webinar(capacity=1)
    _, never = register(off), register(off)
    with write() as session:
        session.get_one(Webinar, webinar.id).capacity = 2
        gone = session.get_one(Webinar, off.id)
        gone.capacity, gone.status = 2, Status.CANCELLED

    with write():
        perform("webinars.move_lists_up", {})

    assert (waiting.state, never.state) == (CONFIRMED, WAITLISTED)


def test_who_takes_it_back_too_late_waits_without_the_webinar_in_the_calendar(app: Flask) -> None:
    """All of it before the worker told anybody: the calendar hears of the seat that is lost."""
    webinar = make_webinar(capacity=1)
    first = register(webinar, guest("first@demo.invalid"))
    register(webinar, guest("second@demo.invalid"))
    work()

    withdraw(first)
    with write():
        registering.take_back(first)
    work()

    assert first.state == WAITLISTED
    assert [kind for kind, _ in methods_and_sequences("first@demo.invalid")] == [
        "REQUEST",
        "CANCEL",
    ]
    assert [kind for kind, _ in methods_and_sequences("second@demo.invalid")] == ["REQUEST"]


def test_who_takes_it_back_in_time_hears_nothing(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    row = register(webinar, guest("first@demo.invalid"))
    work()

    withdraw(row)
    with write():
        registering.take_back(row)
    work()

    assert (row.state, len(mails_to("first@demo.invalid"))) == (CONFIRMED, 1)
