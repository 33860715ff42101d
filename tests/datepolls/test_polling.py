"""Asking, answering, choosing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, write
from app.datepolls.enums import Vote
from app.datepolls.errors import ClosesTooLate, NotADraft, PollClosed, SlotTwice, TooFewSlots
from app.datepolls.models import DatePoll, PollVote
from app.datepolls.polling import ask, choose, vote
from app.datepolls.queries import open_polls, polls_visible_to, votes_of
from app.datepolls.tallying import tallies
from app.webinars.enums import RegistrationState
from app.webinars.errors import TooSoon
from app.webinars.models import Registration
from app.webinars.publishing import publish
from tests.factories import make_city, make_seat, make_user
from tests.factories_datepolls import make_poll, make_slot
from tests.factories_webinars import make_organiser, make_webinar


def draft_and_organiser() -> tuple[DatePoll, object]:
    organiser = make_organiser()
    poll = make_poll(make_webinar(organiser=organiser, published=False), organiser)
    return poll, organiser


def test_a_poll_needs_two_different_dates_and_an_end_before_them(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    soon = utcnow() + timedelta(days=1)
    for slots, closes_at, error in (
        ([make_slot(5)], soon, TooFewSlots),
        ([make_slot(5), make_slot(5)], soon, SlotTwice),
        ([make_slot(5), make_slot(6)], utcnow() + timedelta(days=7), ClosesTooLate),
        ([make_slot(5), make_slot(6)], utcnow() - timedelta(hours=1), ClosesTooLate),
        ([make_slot(-5), make_slot(6)], soon, TooSoon),
    ):
        with pytest.raises(error), write():
            ask(webinar, slots, closes_at, "", organiser)
    assert db.session.scalars(select(DatePoll)).all() == []


def test_only_drafts_are_polled(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)

    with pytest.raises(NotADraft), write():
        ask(webinar, [make_slot(5), make_slot(6)], utcnow() + timedelta(days=1), "", organiser)


def test_asked_again_the_answers_to_the_same_dates_stay(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False)
    poll, person = make_poll(webinar, organiser, (10, 12)), make_user()
    with write():
        vote(poll, person, {slot.id: Vote.YES for slot in poll.slots})

    with write():
        slots = [make_slot(12), make_slot(20)]
        ask(webinar, slots, utcnow() + timedelta(days=3), "", organiser)

    db.session.refresh(poll)
    (kept,) = votes_of(poll)
    assert kept.slot_id in {slot.id for slot in poll.slots}
    assert len(poll.slots) == 2


def test_a_later_answer_replaces_the_earlier_one(app: Flask) -> None:
    poll, _ = draft_and_organiser()
    person = make_user()
    first = poll.slots[0].id
    for value in (Vote.YES, Vote.NO):
        with write():
            vote(poll, person, {first: value, 999_999: Vote.YES})

    assert [(one.slot_id, one.value) for one in votes_of(poll)] == [(first, Vote.NO)]


def test_a_closed_poll_takes_no_answer(app: Flask) -> None:
    poll, _ = draft_and_organiser()
    person = make_user()
    with write() as session:
        session.get_one(DatePoll, poll.id).closes_at = utcnow() - timedelta(minutes=1)

    with pytest.raises(PollClosed), write():
        vote(poll, person, {poll.slots[0].id: Vote.YES})

    assert db.session.scalars(select(PollVote)).all() == []


def test_each_city_has_one_vote_shared_by_its_people(app: Flask) -> None:
    poll, _ = draft_and_organiser()
    many, one = make_city("Utrecht"), make_city("Graz")
    first, second, _third = (slot.id for slot in poll.slots)
    for number in range(4):
        person = make_user(f"Planner {number}, Utrecht")
        make_seat(person, many)
        with write():
            vote(poll, person, {first: Vote.YES if number else Vote.NO, second: Vote.NO})
    person = make_user("Human rights officer, Graz")
    make_seat(person, one)
    with write():
        vote(poll, person, {first: Vote.NO, second: Vote.YES})

    told = {tally.slot.id: tally.cities for tally in tallies(poll, votes_of(poll))}

    assert (told[first], told[second]) == (0.75, 1.0)
    assert tallies(poll, votes_of(poll))[0].slot.id == second


def test_between_equal_dates_people_without_a_city_and_then_the_earlier_win(app: Flask) -> None:
    poll, _ = draft_and_organiser()
    first, second, third = (slot.id for slot in poll.slots)
    person = make_user()
    with write():
        vote(poll, person, {third: Vote.IF_NEEDED, first: Vote.NO})

    assert [tally.slot.id for tally in tallies(poll, votes_of(poll))] == [third, first, second]


def test_whoever_can_come_is_invited_when_it_is_published(
    app: Flask, run_jobs: Callable[..., int]
) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, published=False, capacity=1)
    poll = make_poll(webinar, organiser)
    slot = poll.slots[1]
    early, late, away = (make_user(name) for name in ("Planner", "Lawyer", "Mayor's office"))
    for person, value in ((early, Vote.IF_NEEDED), (late, Vote.YES), (away, Vote.NO)):
        with write():
            vote(poll, person, {slot.id: value})

    with write():
        choose(poll, slot.id, organiser)
    with write():
        publish(webinar, organiser)
    run_jobs(mails=False)

    places = db.session.scalars(select(Registration).order_by(Registration.id)).all()
    assert webinar.starts_at == slot.starts_at
    assert [(one.user_id, one.state) for one in places] == [
        (early.id, RegistrationState.CONFIRMED),
        (late.id, RegistrationState.WAITLISTED),
    ]


def test_a_poll_is_for_whoever_may_come(app: Flask) -> None:
    poll, organiser = draft_and_organiser()
    applicant = make_user("Newcomer", approved_at=None)

    def sees(person: object) -> bool:
        found = db.session.scalars(polls_visible_to(person)).all()  # type: ignore[arg-type]
        return poll in found

    assert sees(make_user())
    assert sees(organiser)
    assert not sees(applicant)
    assert not sees(None)


def test_open_polls_end_with_their_day(app: Flask) -> None:
    poll, _ = draft_and_organiser()
    assert list(db.session.scalars(open_polls(make_user()))) == [poll]

    with write() as session:
        session.get_one(DatePoll, poll.id).closed_at = utcnow()

    assert list(db.session.scalars(open_polls(make_user()))) == []
