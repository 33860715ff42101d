"""Everybody wants a seat at once: never overbooked, the line in order, each told once."""

from __future__ import annotations

import random
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import db, write
from app.webinars import (
    seats,
    session_registering,
)
from app.webinars.enums import RegistrationState
from app.webinars.models import Webinar
from app.webinars.registering import Answers, Person
from tests.factories_places import make_series
from tests.factories_registrations import guest, work
from tests.factories_webinars import make_webinar
from tests.hostile.seat_rush import (
    Act,
    at_once,
    come,
    come_and_perhaps_go,
    go,
    people_at,
    subjects,
    work_fast,
)

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
OFFERED, CANCELLED = RegistrationState.OFFERED, RegistrationState.CANCELLED

ROUNDS, PEOPLE, SEATS = 20, 40, 10


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
