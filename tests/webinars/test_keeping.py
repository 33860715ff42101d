from __future__ import annotations

from collections import Counter
from datetime import timedelta

import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import Job
from app.network.models import City
from app.webinars import keeping, seats
from app.webinars.enums import RegistrationState, Waiting
from app.webinars.keeping import Room
from app.webinars.models import Registration, Webinar
from tests.factories import make_city
from tests.factories_places import make_member_city, states_of, wait_for
from tests.factories_registrations import guest, make_registration, register, withdraw, work
from tests.factories_webinars import make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


def three_cities() -> list[City]:
    return [make_member_city(name) for name in ("Graz", "Lund", "Gwangju")]


def from_city(webinar: Webinar, city: City | None = None) -> Registration:
    return register(webinar, guest(city_id=city.id if city else None))


def test_room_gives_a_city_its_own_seat_and_others_what_is_left() -> None:
    room = Room(free=3, kept=Counter({1: 1, 2: 1}))

    assert (room.has_seat_for(1), room.has_seat_for(None), room.has_seat_for(9)) == (True,) * 3
    room.take(None)
    assert (room.has_seat_for(1), room.has_seat_for(None), room.has_seat_for(9)) == (
        True,
        False,
        False,
    )
    room.take(1)
    assert (room.has_seat_for(1), room.has_seat_for(2)) == (False, True)
    room.take(2)
    assert room.has_seat_for(2) is False


def test_fewer_seats_than_cities_go_to_cities_in_the_order_they_come() -> None:
    room = Room(free=1, kept=Counter({1: 1, 2: 1, 3: 1}))

    assert (room.has_seat_for(2), room.has_seat_for(None)) == (True, False)
    room.take(2)
    assert room.has_seat_for(3) is False


def test_each_member_city_finds_a_seat_however_many_others_come(app: Flask) -> None:
    graz, lund, gwangju = three_cities()
    webinar = make_webinar(capacity=5, kept_per_city=1)

    guests = [from_city(webinar) for _ in range(4)]
    second_of_graz = [from_city(webinar, graz), from_city(webinar, graz)]
    others = [from_city(webinar, lund), from_city(webinar, gwangju)]

    assert states_of(*guests) == [CONFIRMED, CONFIRMED, WAITLISTED, WAITLISTED]
    assert states_of(*second_of_graz) == [CONFIRMED, WAITLISTED]
    assert states_of(*others) == [CONFIRMED, CONFIRMED]
    assert seats.free_count(webinar) == 0


def test_free_seat_goes_to_the_first_who_may_have_it(app: Flask) -> None:
    graz, lund, _ = three_cities()
    webinar = make_webinar(capacity=3, kept_per_city=1)
    of_graz = from_city(webinar, graz)
    line = [wait_for(webinar, 1), wait_for(webinar, 2, city_id=graz.id)]

    withdraw(of_graz)

    assert states_of(*line) == [WAITLISTED, CONFIRMED]
    assert from_city(webinar, lund).state == CONFIRMED


def test_city_that_has_left_and_one_that_never_was_keep_nothing(app: Flask) -> None:
    yesterday = utcnow().date() - timedelta(days=1)
    gone, never = make_member_city("Graz", ends_on=yesterday), make_city("Lund")
    webinar = make_webinar(capacity=1, kept_per_city=1)

    assert keeping.kept_count(webinar) == 0
    assert from_city(webinar).state == CONFIRMED
    assert (from_city(webinar, gone).state, from_city(webinar, never).state) == (
        WAITLISTED,
        WAITLISTED,
    )


def test_kept_seats_go_to_the_list_when_the_time_is_up(app: Flask) -> None:
    three_cities()
    webinar = make_webinar(capacity=3, kept_per_city=1)
    line = [from_city(webinar) for _ in range(4)]
    assert states_of(*line) == [WAITLISTED] * 4

    with time_machine.travel(utcnow() + timedelta(days=3, hours=23)):
        work()
        early = states_of(*line)
    with time_machine.travel(utcnow() + timedelta(days=4, hours=1)):
        work()

    assert early == [WAITLISTED] * 4
    assert states_of(*line) == [CONFIRMED, CONFIRMED, CONFIRMED, WAITLISTED]


def test_organisers_say_until_when_seats_are_kept(app: Flask) -> None:
    three_cities()
    until = utcnow() + timedelta(hours=5)
    webinar = make_webinar(capacity=3, kept_per_city=1, kept_until=until)
    early = from_city(webinar)

    with time_machine.travel(until + timedelta(minutes=1)):
        assert not keeping.is_on(webinar)
        work()
        late = from_city(webinar)

    assert states_of(early, late) == [CONFIRMED, CONFIRMED]


def test_job_for_the_end_of_keeping_is_planned_once(app: Flask) -> None:
    three_cities()
    webinar = make_webinar(capacity=3, kept_per_city=1)
    for _ in range(3):
        from_city(webinar)

    assert db.session.query(Job).filter_by(name="webinars.release_kept").count() == 1


def test_kept_seats_are_counted_for_the_page(app: Flask) -> None:
    graz, *_ = three_cities()
    webinar = make_webinar(capacity=10, kept_per_city=2)
    small = make_webinar(capacity=2, kept_per_city=2)
    unlimited = make_webinar(capacity=None, kept_per_city=2)
    before = keeping.kept_count(webinar)

    from_city(webinar, graz)

    assert (before, keeping.kept_count(webinar)) == (6, 5)
    assert (keeping.kept_count(small), keeping.kept_count(unlimited)) == (2, 0)
    assert keeping.kept_count(make_webinar(capacity=10)) == 0


def test_kept_seats_are_offered_to_their_city(app: Flask) -> None:
    graz, *_ = three_cities()
    webinar = make_webinar(capacity=3, kept_per_city=1, waiting=Waiting.OFFER)
    line = [wait_for(webinar, 1), wait_for(webinar, 2, city_id=graz.id)]

    with write():
        seats.promote(seats.hold(webinar.id))

    assert states_of(*line) == [WAITLISTED, RegistrationState.OFFERED]


def test_whoever_waits_for_an_open_seat_is_not_passed_by_a_newcomer(app: Flask) -> None:
    """In the last two hours of which nobody is moved up by mail."""
    graz, *_ = three_cities()
    until = utcnow() + timedelta(hours=2)
    webinar = make_webinar(
        capacity=4, kept_per_city=1, kept_until=until, starts_in=timedelta(minutes=100)
    )
    waiting = wait_for(webinar, 1)

    newcomer, of_graz = from_city(webinar), from_city(webinar, graz)

    assert states_of(waiting, newcomer, of_graz) == [WAITLISTED, WAITLISTED, WAITLISTED]


def test_more_important_people_are_first_in_line(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    seated = make_registration(webinar)
    first, second = wait_for(webinar, 1), wait_for(webinar, 2, priority=1)

    assert (seats.place_in_line(first), seats.place_in_line(second)) == (2, 1)
    withdraw(seated)

    assert states_of(first, second) == [WAITLISTED, CONFIRMED]


def test_the_hourly_round_moves_up_what_nobody_said(app: Flask) -> None:
    graz, *_ = three_cities()
    webinar = make_webinar(capacity=3, kept_per_city=1)
    waiting = from_city(webinar)
    with write():
        for membership in graz.memberships:
            membership.ends_on = utcnow().date() - timedelta(days=1)

    assert list(db.session.scalars(seats.webinars_with_a_line())) == [webinar.id]
    with write():
        seats.promote(seats.hold(webinar.id))

    assert waiting.state == CONFIRMED
