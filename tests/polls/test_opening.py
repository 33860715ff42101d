from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import perform
from app.live.revisions import revision_of
from app.polls import opening, writing
from app.polls.enums import PollState
from app.polls.errors import NotItsTime, VotesForgotten
from app.polls.models import QuickPoll, QuickPollVote
from app.webinars.enums import Status
from app.webinars.models import Webinar
from tests.factories_polls import make_poll, numbers, vote_by
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

OPEN, CLOSED, DRAFT = PollState.OPEN, PollState.CLOSED, PollState.DRAFT


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


def open_(poll: QuickPoll, actor: User, *, alone: bool = False) -> None:
    with write():
        opening.open_poll(poll, db.session.get_one(Webinar, poll.webinar_id), actor, alone=alone)


def states(webinar: Webinar) -> list[PollState]:
    db.session.rollback()
    polls = db.session.query(QuickPoll).filter_by(webinar_id=webinar.id).order_by(QuickPoll.id)
    return [poll.state for poll in polls]


def forget(webinar: Webinar, later: timedelta) -> None:
    moment = (webinar.ends_at or utcnow()) + later
    with time_machine.travel(moment), write():
        perform("polls.forget_votes", {})
    db.session.rollback()


def vote_rows() -> int:
    return db.session.query(QuickPollVote).count()


def test_several_are_open_or_one_alone(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    first, second, third = (make_poll(webinar, state=DRAFT, position=one) for one in (1, 2, 3))

    open_(first, organiser)
    open_(second, organiser)
    assert states(webinar) == [OPEN, OPEN, DRAFT]
    open_(third, organiser, alone=True)

    assert states(webinar) == [CLOSED, CLOSED, OPEN]
    assert revision_of(webinar.id) == 3


def test_a_closed_poll_opens_again_with_its_votes(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    poll = make_poll(webinar)
    vote_by(make_registration(webinar), poll, 2)
    with write():
        opening.close_poll(poll, organiser)

    open_(poll, organiser)
    vote_by(make_registration(webinar), poll, 2)

    assert numbers(poll) == (2, [0, 0, 2])


@pytest.mark.parametrize(
    ("changes", "is_its_time"),
    [
        ({}, True),
        ({"starts_in": timedelta(hours=-24)}, True),
        ({"starts_in": timedelta(hours=-26)}, False),
        ({"published": False}, False),
        ({"status": Status.CANCELLED}, False),
        ({"ends_at": None}, False),
    ],
)
def test_polls_open_from_publishing_until_a_day_after(
    organiser: User, changes: dict[str, timedelta], is_its_time: bool
) -> None:
    poll = make_poll(make_webinar(organiser=organiser, **changes), state=DRAFT)  # type: ignore[arg-type]

    if is_its_time:
        open_(poll, organiser)
    else:
        with pytest.raises(NotItsTime):
            open_(poll, organiser)

    assert states(db.session.get_one(Webinar, poll.webinar_id)) == [OPEN if is_its_time else DRAFT]


def test_the_day_after_who_voted_is_forgotten_and_the_numbers_stay(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    poll, draft = make_poll(webinar), make_poll(webinar, state=DRAFT, position=2)
    for place in (0, 0, 2):
        vote_by(make_registration(webinar), poll, place)

    forget(webinar, timedelta(hours=23))
    assert (vote_rows(), states(webinar)) == (3, [OPEN, DRAFT])
    forget(webinar, timedelta(hours=25))

    assert (vote_rows(), states(webinar)) == (0, [CLOSED, DRAFT])
    assert numbers(poll) == (3, [2, 0, 1])
    assert db.session.get_one(QuickPoll, poll.id).forgotten_at is not None
    assert db.session.get_one(QuickPoll, draft.id).forgotten_at is None
    with pytest.raises(VotesForgotten):
        open_(poll, organiser)


def test_votes_of_another_webinar_are_kept(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    later = make_webinar(organiser=organiser, starts_in=timedelta(days=14))
    poll = make_poll(later)
    vote_by(make_registration(later), poll, 0)

    forget(webinar, timedelta(hours=25))

    assert vote_rows() == 1


def test_votes_at_a_webinar_that_was_called_off_are_forgotten_too(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    poll = make_poll(webinar)
    vote_by(make_registration(webinar), poll, 0)
    with write():
        db.session.get_one(Webinar, webinar.id).status = Status.CANCELLED

    with time_machine.travel(utcnow() + timedelta(hours=25)), write():
        perform("polls.forget_votes", {})

    assert (vote_rows(), numbers(poll)) == (0, (1, [1, 0, 0]))


def test_what_was_deleted_goes_for_good_after_a_day(organiser: User) -> None:
    webinar = make_webinar(organiser=organiser)
    poll = make_poll(webinar)
    vote_by(make_registration(webinar), poll, 0)
    with write():
        writing.remove(poll, organiser)
        writing.remove(poll, organiser)

    with time_machine.travel(utcnow() + timedelta(hours=23)), write():
        perform("polls.forget_votes", {})
    assert states(webinar) == [CLOSED]
    with time_machine.travel(utcnow() + timedelta(hours=25)), write():
        perform("polls.forget_votes", {})

    assert (states(webinar), vote_rows()) == ([], 0)
