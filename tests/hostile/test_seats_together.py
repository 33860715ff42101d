"""Everybody wants a seat at once: never overbooked, the line in order, each told once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.jobs import Job, JobState, perform
from app.core.outbox import OutboxMail
from app.webinars import (
    approving,
    keeping,
    offering,
    registering,
    seats,
    session_registering,
    transferring,
)
from app.webinars.enums import RegistrationState, TransferSource, Waiting
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import SeatTransfer
from app.webinars.registering import Answers, Person
from tests.factories_places import make_member_city, make_series
from tests.factories_registrations import guest, read, work
from tests.factories_webinars import make_organiser, make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
OFFERED, CANCELLED = RegistrationState.OFFERED, RegistrationState.CANCELLED

ROUNDS, PEOPLE, SEATS = 20, 40, 10
Act = Callable[[], Any]


def at_once(app: Flask, acts: Sequence[Act]) -> None:
    """Each in its own thread and session, all from the same moment. None may fail."""
    start, faults = threading.Barrier(len(acts)), []

    def run(act: Act) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except Exception as error:
                faults.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert faults == []


def people_at(webinar_id: int) -> list[Registration]:
    """In the order of the line."""
    in_order = (Registration.priority.desc(), Registration.queued_at, Registration.id)
    mine = select(Registration).where(Registration.webinar_id == webinar_id)
    return list(db.session.scalars(mine.order_by(*in_order)))


def subjects(webinar_id: int) -> dict[str, list[str]]:
    """What each address was told, by the first words of the subjects."""
    told: dict[str, list[str]] = {row.email: [] for row in people_at(webinar_id)}
    for address, subject in db.session.execute(
        select(OutboxMail.recipient, OutboxMail.subject).order_by(OutboxMail.id)
    ):
        if address in told:
            told[address].append(subject.split(":")[0].strip())
    return told


def come(webinar_id: int, person: Person) -> int:
    with write():
        row = registering.register_at(webinar_id, person, Answers())
    return row.id


def act_on(registration_id: int, act: Callable[..., Any], *words: Any) -> None:
    """What a person may be told no about is no failure."""
    with suppress(DomainError), write():
        act(db.session.get_one(Registration, registration_id), *words)


def come_and_perhaps_go(webinar_id: int, person: Person, dice: random.Random) -> Act:
    goes, comes_back = dice.random() < 0.35, dice.random() < 0.3

    def act() -> None:
        registration_id = come(webinar_id, person)
        if goes:
            act_on(registration_id, registering.withdraw)
        if goes and comes_back:
            act_on(registration_id, registering.take_back)

    return act


def go(registration_id: int) -> Act:
    return lambda: act_on(registration_id, registering.withdraw)


def work_fast() -> None:
    """What the worker does in a transaction for each job, in one: many rounds have many jobs."""
    with write() as session:
        ready = select(Job).where(Job.state == JobState.READY, Job.run_at <= utcnow())
        for job in session.scalars(ready.order_by(Job.run_at, Job.id)).all():
            perform(job.name, job.payload)
            job.state = JobState.DONE


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_forty_people_for_ten_seats(app: Flask, seed: int) -> None:
    """In every fifth round the worker has sent the mails of the first rush before the second."""
    dice = random.Random(seed)
    webinar_id = make_webinar(capacity=SEATS).id

    at_once(app, [come_and_perhaps_go(webinar_id, guest(), dice) for _ in range(PEOPLE)])
    check_full_and_in_order(webinar_id)
    if seed % 5 == 0:
        work()
        check_first_words(webinar_id)
    before, told = states(webinar_id), subjects(webinar_id)
    at_once(app, [go(row) for row in dice.sample(list(before), 12)])
    check_full_and_in_order(webinar_id)
    if seed % 5 == 0:
        work()
        check_second_words(webinar_id, before, told)
    else:
        work_fast()
        check_first_words(webinar_id)


FIRST_WORDS: dict[RegistrationState, list[str]] = {
    CONFIRMED: ["Invitation"],
    WAITLISTED: ["Waiting list"],
    CANCELLED: [],
}
NEWS = {(CONFIRMED, CANCELLED): ["You cancelled"], (WAITLISTED, CONFIRMED): ["Invitation"]}


def states(webinar_id: int) -> dict[int, RegistrationState]:
    return {row.id: row.state for row in people_at(webinar_id)}


def check_first_words(webinar_id: int) -> None:
    """Everybody was told once where they stand; who came and went before is not bothered."""
    told = subjects(webinar_id)
    for row in people_at(webinar_id):
        assert told[row.email] == FIRST_WORDS[row.state]


def check_full_and_in_order(webinar_id: int) -> None:
    """Every seat is given, none twice; nobody who waits was there before anybody seated."""
    people = [row for row in people_at(webinar_id) if row.state != CANCELLED]
    assert len(people_at(webinar_id)) == PEOPLE
    assert [row.state for row in people] == [CONFIRMED] * SEATS + [WAITLISTED] * (
        len(people) - SEATS
    )
    waiting = [row for row in people if row.state == WAITLISTED]
    assert [seats.place_in_line(row) for row in waiting] == list(range(1, len(waiting) + 1))


def check_second_words(
    webinar_id: int, before: dict[int, RegistrationState], told: dict[str, list[str]]
) -> None:
    """Whose state changed was told so once, all others nothing."""
    now_told = subjects(webinar_id)
    for row in people_at(webinar_id):
        news = NEWS.get((before[row.id], row.state), [])
        assert now_told[row.email] == told[row.email] + news


def test_series_and_single_sessions_at_once(app: Flask) -> None:
    """Whoever locks several webinars does it in one order, so nobody waits for nobody."""
    series_id = make_series(3, capacity=5).id
    ids = list(db.session.scalars(select(Webinar.id).order_by(Webinar.starts_at.desc())))

    def come_to_all(person: Person) -> Act:
        def act() -> None:
            with write():
                session_registering.register_for_series(series_id, person, Answers())

        return act

    acts = [come_to_all(guest()) for _ in range(8)]
    acts += [partial(come, webinar_id, guest()) for webinar_id in ids for _ in range(3)]
    at_once(app, acts)
    work_fast()

    for webinar_id in ids:
        people = people_at(webinar_id)
        assert [row.state for row in people] == [CONFIRMED] * 5 + [WAITLISTED] * 6
    places = subjects(ids[0]).values()
    assert sum(words.count("Your places in the series") for words in places) == 8


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
