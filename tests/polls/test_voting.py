from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.rate_limit import AllowanceSpent, spend
from app.live.attendees import attendee_of
from app.live.revisions import revision_of
from app.polls import opening, voting
from app.polls.enums import PollState
from app.polls.errors import NothingChosen, OnlyOneAnswer, PollClosed
from app.polls.models import QuickPoll, QuickPollVote
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_polls import make_poll, numbers, recount, vote_by
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar
from tests.hostile.seat_rush import at_once


def member_votes(person: User, webinar: Webinar, poll: QuickPoll, *places: int) -> None:
    chosen = {poll.options[place].id for place in places}
    with write():
        voting.vote(poll.id, chosen, attendee_of(webinar, person, ""))


def test_a_change_moves_the_vote(app: Flask) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar), make_user()

    member_votes(person, webinar, poll, 0)
    member_votes(person, webinar, poll, 2)

    assert numbers(poll) == (1, [0, 0, 1]) == recount(poll)


def test_several_answers_of_one_person_are_one_voter(app: Flask) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar, is_multiple=True), make_user()

    member_votes(person, webinar, poll, 0, 1)
    member_votes(person, webinar, poll, 1, 2)

    assert numbers(poll) == (1, [0, 1, 1]) == recount(poll)


def test_the_same_vote_again_changes_nothing_that_people_see(app: Flask) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar), make_user()
    member_votes(person, webinar, poll, 0)
    before = revision_of(webinar.id)

    member_votes(person, webinar, poll, 0)

    assert revision_of(webinar.id) == before == 1
    assert numbers(poll) == (1, [1, 0, 0])


@pytest.mark.parametrize(("places", "error"), [((), NothingChosen), ((0, 1), OnlyOneAnswer)])
def test_a_vote_that_chooses_wrongly_does_not_count(
    app: Flask, places: tuple[int, ...], error: type[DomainError]
) -> None:
    webinar = make_webinar()
    poll = make_poll(webinar)

    with pytest.raises(error):
        member_votes(make_user(), webinar, poll, *places)

    assert numbers(poll) == (0, [0, 0, 0])


def test_answers_of_another_poll_are_passed_over(app: Flask) -> None:
    webinar = make_webinar()
    poll, other = make_poll(webinar), make_poll(webinar)
    attendee = attendee_of(webinar, make_user(), "")

    with pytest.raises(NothingChosen), write():
        voting.vote(poll.id, {other.options[0].id}, attendee)

    assert numbers(other) == (0, [0, 0, 0])


@pytest.mark.parametrize("state", [PollState.DRAFT, PollState.CLOSED])
def test_only_an_open_poll_takes_votes(app: Flask, state: PollState) -> None:
    webinar = make_webinar()
    poll = make_poll(webinar, state=state)

    with pytest.raises(PollClosed):
        member_votes(make_user(), webinar, poll, 0)


def test_a_guest_who_gets_an_account_is_still_one_voter(app: Flask) -> None:
    webinar = make_webinar()
    poll, row = make_poll(webinar), make_registration(webinar)
    vote_by(row, poll, 0)
    person = make_user(email=row.email)
    with write():
        db.session.get_one(Registration, row.id).user_id = person.id

    member_votes(person, webinar, poll, 1)
    vote_by(row, poll, 2)

    assert numbers(poll) == (1, [0, 0, 1]) == recount(poll)


def test_who_lost_the_place_takes_no_part(app: Flask) -> None:
    webinar = make_webinar()
    gone = make_registration(webinar, state=RegistrationState.CANCELLED)
    placed = make_registration(webinar)

    assert not voting.may_vote(attendee_of(webinar, None, gone.token))
    assert not voting.may_vote(attendee_of(webinar, None, ""))
    assert voting.may_vote(attendee_of(webinar, None, placed.token))


def test_the_thirty_first_change_within_a_minute_has_to_wait(app: Flask) -> None:
    webinar = make_webinar()
    poll, person = make_poll(webinar), make_user()
    with write():
        for _ in range(voting.PACE.most):
            spend("poll.vote", f"user:{person.id}", voting.PACE)

    with pytest.raises(AllowanceSpent):
        member_votes(person, webinar, poll, 2)


def test_forty_change_their_vote_while_it_is_closed_and_opened(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    poll = make_poll(webinar, is_multiple=True)
    options = [option.id for option in poll.options]
    ids = (webinar.id, poll.id, organiser.id)
    tokens = [make_registration(webinar).token for _ in range(40)]

    def voter(token: str) -> Callable[[], None]:
        def act() -> None:
            seen = db.session.get_one(Webinar, ids[0])
            for _ in range(2):
                chosen = random.sample(options, random.randint(1, 3))
                try:
                    with write():
                        voting.vote(ids[1], chosen, attendee_of(seen, None, token))
                except PollClosed:
                    continue

        return act

    def host() -> None:
        for turn in range(6):
            seen, whose = db.session.get_one(QuickPoll, ids[1]), db.session.get_one(User, ids[2])
            with write():
                if turn % 2:
                    opening.open_poll(seen, db.session.get_one(Webinar, ids[0]), whose, alone=True)
                else:
                    opening.close_poll(seen, whose)

    at_once(app, [*(voter(token) for token in tokens), host])

    assert numbers(poll) == recount(poll)
    rows = db.session.query(QuickPollVote.registration_id, QuickPollVote.option_id).all()
    assert len(rows) == len(set(rows))
    assert db.session.get_one(QuickPoll, poll.id).state == PollState.OPEN
    for token in tokens:
        with write():
            voting.vote(poll.id, options[:1], attendee_of(webinar, None, token))
    assert numbers(poll) == (40, [40, 0, 0]) == recount(poll)
