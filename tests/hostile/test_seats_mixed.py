"""Approval, offers, kept seats, hand-overs and changes of the capacity, all at once."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.outbox import OutboxMail
from app.webinars import (
    approving,
    keeping,
    offering,
    seats,
    transferring,
)
from app.webinars.enums import RegistrationState, TransferSource, Waiting
from app.webinars.models import Webinar
from app.webinars.place_models import SeatTransfer
from tests.factories_places import make_member_city
from tests.factories_registrations import guest, read
from tests.factories_webinars import make_organiser, make_webinar
from tests.hostile.seat_rush import (
    Act,
    act_on,
    at_once,
    come_and_perhaps_go,
    go,
    people_at,
    subjects,
    work_fast,
)

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
OFFERED, CANCELLED = RegistrationState.OFFERED, RegistrationState.CANCELLED

SEATS = 10
CITIES = 4


@dataclass
class Town:
    """One webinar of a mixed round, and what is thrown for it."""

    webinar_id: int
    organiser_id: int
    dice: random.Random
    capacity: int
    is_kept: bool


def make_town(seed: int) -> Town:
    """Every mixture of the three switches in eight rounds; kept seats are never made fewer."""
    organiser = make_organiser()
    webinar = make_webinar(
        capacity=SEATS,
        organiser=organiser,
        needs_approval=bool(seed & 1),
        waiting=Waiting.OFFER if seed & 2 else Waiting.AUTO,
        kept_per_city=1 if seed & 4 else None,
    )
    dice = random.Random(seed)
    return Town(webinar.id, organiser.id, dice, SEATS, bool(seed & 4))


def anybody(town: Town) -> int:
    return town.dice.choice([row.id for row in people_at(town.webinar_id)])


def decide(town: Town, registration_id: int) -> Act:
    approves = town.dice.random() < 0.8

    def act() -> None:
        organiser = db.session.get_one(User, town.organiser_id)
        if approves:
            act_on(registration_id, approving.approve, organiser)
        else:
            act_on(registration_id, approving.reject, organiser, "Not this time.")

    return act


def answer_offer(town: Town, registration_id: int) -> Act:
    answer = offering.accept if town.dice.random() < 0.6 else offering.decline
    return lambda: act_on(registration_id, answer)


def pass_on(town: Town, registration_id: int) -> Act:
    """To a stranger, or to somebody who is at the webinar already."""
    known = town.dice.choice(people_at(town.webinar_id)).email
    address = known if town.dice.random() < 0.4 else f"new{town.dice.random()}@demo.invalid"

    def act() -> None:
        act_on(registration_id, transferring.offer_seat, address, "", TransferSource.LINK)
        found = select(SeatTransfer.id).where(SeatTransfer.registration_id == registration_id)
        for transfer_id in db.session.scalars(found).all():
            with suppress(DomainError), write():
                transfer = db.session.get_one(SeatTransfer, transfer_id)
                transferring.accept(transfer, guest(address))

    return act


def resize(town: Town) -> Act:
    least = town.capacity if town.is_kept else SEATS - 4
    capacity = town.dice.randint(least, SEATS + 4)
    town.capacity = max(town.capacity, capacity)

    def act() -> None:
        with write():
            webinar = seats.hold(town.webinar_id)
            webinar.capacity = capacity
            seats.promote(webinar)

    return act


def any_act(town: Town) -> Act:
    kinds = [decide, decide, answer_offer, answer_offer, pass_on]
    choice = town.dice.randrange(len(kinds) + 2)
    if choice < len(kinds):
        return kinds[choice](town, anybody(town))
    return go(anybody(town)) if choice == len(kinds) else resize(town)


@pytest.mark.parametrize("seed", range(8))
def test_approval_offers_kept_seats_and_hand_overs_at_once(app: Flask, seed: int) -> None:
    city_ids = [make_member_city(f"City {number}").id for number in range(CITIES)]
    town = make_town(seed)
    people = [guest(city_id=town.dice.choice([*city_ids, None, None])) for _ in range(24)]

    at_once(app, [come_and_perhaps_go(town.webinar_id, person, town.dice) for person in people])
    check_sound(town)
    for _ in range(2):
        at_once(app, [any_act(town) for _ in range(24)])
        check_sound(town)
    work_fast()
    check_told(town)


def check_sound(town: Town) -> None:
    """Never more seats than there were, none left that somebody waits for, one row for each."""
    with write():
        webinar = seats.hold(town.webinar_id)
        assert seats.taken_count(webinar) <= town.capacity
        assert seats.promote(webinar) == []
        people = people_at(town.webinar_id)
        assert len({row.email for row in people}) == len(people)
        line = [row for row in people if row.state == WAITLISTED]
        assert [seats.place_in_line(row) for row in line] == list(range(1, len(line) + 1))
        assert all(row.offered_until for row in people if row.state == OFFERED)
        check_kept(webinar)


def check_kept(webinar: Webinar) -> None:
    """There is a free seat for each that is kept."""
    if keeping.is_on(webinar):
        room = keeping.room_of(webinar)
        assert room.free >= room.kept.total()


def check_told(town: Town) -> None:
    """Calendars were told in turns, and last what is true; no offer or answer came twice."""
    contents = select(OutboxMail.content).order_by(OutboxMail.id)
    for row in people_at(town.webinar_id):
        mine = db.session.scalars(contents.where(OutboxMail.recipient == row.email))
        methods = [method for method in map(method_of, mine) if method]
        assert methods == ["REQUEST", "CANCEL"] * (len(methods) // 2) + ["REQUEST"] * (
            len(methods) % 2
        )
        assert (len(methods) % 2 == 1) == (row.state == CONFIRMED)
    once = {"Request received", "No place for you", "Waiting list"}
    for told in subjects(town.webinar_id).values():
        assert [
            words for words, times in Counter(told).items() if times > 1 and words in once
        ] == []


def method_of(content: bytes) -> str:
    found = [part.get_param("method") for part in read(content).walk()]
    return str(next((method for method in found if method), ""))
