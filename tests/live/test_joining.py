from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.live import joining
from app.live.joining import Door, Entrance, Standing
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_registrations import at, make_registration
from tests.factories_webinars import make_speaker, make_webinar

START = at("2026-03-25T09:00:00+00:00")
END = START + timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-03-10T08:15:00+00:00", tick=False) as traveller:
        yield traveller


def at_ten(**changes: Any) -> Webinar:
    return make_webinar("Housing", **({"starts_at": START, "ends_at": END} | changes))


def minutes(number: int) -> datetime:
    return START + timedelta(minutes=number)


def participants_door(webinar: Webinar, registration: Registration) -> Entrance:
    return joining.entrance(webinar, None, None, registration)


@pytest.mark.parametrize(
    ("moment", "door"),
    [
        (minutes(-16), Door.EARLY),
        (minutes(-15), Door.OPEN),
        (minutes(30), Door.OPEN),
        (minutes(89), Door.OPEN),
        (minutes(90), Door.CLOSED),
    ],
)
def test_door_opens_a_quarter_before_and_closes_half_an_hour_after(
    app: Flask, clock: time_machine.Traveller, moment: datetime, door: Door
) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    clock.move_to(moment)

    seen = participants_door(webinar, row)

    assert (seen.standing, seen.door, seen.opens_at) == (Standing.PARTICIPANT, door, minutes(-15))
    assert seen.may_enter == (door is Door.OPEN)


def test_organisers_and_speakers_enter_45_minutes_before(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    organiser, speaker = webinar.organisers[0].user, make_speaker(webinar)
    clock.move_to(minutes(-45))

    assert joining.entrance(webinar, organiser, None, None).may_enter
    assert joining.entrance(webinar, None, speaker, None).may_enter
    assert not joining.entrance(webinar, make_user(), None, None).may_enter
    clock.move_to(minutes(-46))
    assert not joining.entrance(webinar, organiser, None, None).may_enter


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (RegistrationState.CANCELLED, Standing.STRANGER),
        (RegistrationState.EXPIRED, Standing.STRANGER),
        (RegistrationState.PENDING_EMAIL, Standing.PENDING),
        (RegistrationState.WAITLISTED, Standing.WAITING),
    ],
)
def test_only_a_confirmed_registration_opens_the_door(
    app: Flask, clock: time_machine.Traveller, state: RegistrationState, standing: Standing
) -> None:
    webinar = at_ten(capacity=1)
    row = make_registration(webinar, state=state)
    clock.move_to(minutes(0))

    seen = participants_door(webinar, row)

    assert (seen.standing, seen.may_enter) == (standing, False)


def test_who_waits_enters_five_minutes_after_the_start_while_live_seats_are_free(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(capacity=1)
    seated = make_registration(webinar)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED)
    clock.move_to(minutes(4))
    assert not participants_door(webinar, waiting).may_enter
    clock.move_to(minutes(5))
    assert participants_door(webinar, waiting).may_enter

    with write():
        joining.enter(webinar, seated)

    assert not participants_door(webinar, waiting).may_enter


def test_who_waited_and_entered_has_the_seat(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten(capacity=1)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED, confirmed_at=None)
    clock.move_to(minutes(6))

    with write():
        joining.enter(webinar, waiting)

    assert (waiting.state, waiting.joined_at) == (RegistrationState.CONFIRMED, minutes(6))


def test_last_live_seat_goes_to_one_of_those_who_wait(
    app: Flask, clock: time_machine.Traveller
) -> None:
    """Both were shown the button; whoever presses it second is not let in."""
    webinar = at_ten(capacity=1)
    waiting = [
        make_registration(webinar, state=RegistrationState.WAITLISTED, confirmed_at=None)
        for _ in range(2)
    ]
    clock.move_to(minutes(6))
    assert [participants_door(webinar, row).may_enter for row in waiting] == [True, True]

    rooms = []
    for row in waiting:
        with write():
            rooms.append(joining.enter(webinar, row))

    assert rooms == [True, False]
    assert [row.state for row in waiting] == [
        RegistrationState.CONFIRMED,
        RegistrationState.WAITLISTED,
    ]


def test_whoever_hosts_enters_from_the_waiting_list_too(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(capacity=0)
    row = make_registration(webinar, state=RegistrationState.WAITLISTED, confirmed_at=None)

    with write():
        assert joining.enter(webinar, row, is_host=True)


def test_offer_that_was_not_answered_is_a_place_to_wait_at(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    offered = make_registration(webinar, state=RegistrationState.OFFERED)
    on_hold = make_registration(webinar, state=RegistrationState.ON_HOLD)
    clock.move_to(minutes(6))

    assert participants_door(webinar, offered).standing == Standing.WAITING
    assert participants_door(webinar, on_hold).standing == Standing.PARTICIPANT


def test_first_coming_is_noted_and_stays(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    for moment in (minutes(-3), minutes(20)):
        clock.move_to(moment)
        with write():
            assert joining.enter(webinar, row)

    assert row.joined_at == minutes(-3)


def test_host_enters_without_a_registration(app: Flask) -> None:
    webinar = at_ten()
    with write():
        assert joining.enter(webinar, None)


@pytest.mark.parametrize(
    ("status", "door"),
    [
        (Status.CANCELLED, Door.CANCELLED),
        (Status.DRAFT, Door.UNPLANNED),
        (Status.POSTPONED, Door.POSTPONED),
    ],
)
def test_webinar_that_does_not_happen_has_no_door(app: Flask, status: Status, door: Door) -> None:
    webinar = at_ten(status=status)

    assert participants_door(webinar, make_registration(webinar)).door == door


def test_room_that_an_organiser_closed_has_no_door_until_it_is_opened_again(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(ended_at=minutes(20))
    row = make_registration(webinar)
    clock.move_to(minutes(19))
    assert participants_door(webinar, row).door is Door.OPEN
    clock.move_to(minutes(20))
    assert participants_door(webinar, row).door is Door.CLOSED

    with write():
        webinar.ended_at = None

    assert participants_door(webinar, row).door is Door.OPEN


def test_speaker_who_declined_is_a_stranger(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    clock.move_to(minutes(0))
    speaker = make_speaker(webinar, state=SpeakerState.DECLINED)

    assert joining.entrance(webinar, None, speaker, None).standing is Standing.STRANGER


def test_webinar_without_an_hour_has_no_door(app: Flask) -> None:
    webinar = at_ten()
    webinar.starts_at = webinar.ends_at = None

    assert joining.entrance(webinar, None, None, None).door == Door.UNPLANNED
    db.session.rollback()
