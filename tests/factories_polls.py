"""Quick polls for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import db, write
from app.live.attendees import attendee_of
from app.polls import voting
from app.polls.enums import PollState
from app.polls.models import QuickPoll, QuickPollOption, QuickPollVote
from app.webinars.models import Registration, Webinar

QUESTION = "Does your city count who has no home?"
ANSWERS = ("Every year", "Now and then", "Never")


def make_poll(webinar: Webinar, *, state: PollState = PollState.OPEN, **changes: Any) -> QuickPoll:
    """A poll with three answers, open unless said otherwise."""
    now = utcnow()
    labels = changes.pop("options", ANSWERS)
    values = {
        "webinar_id": webinar.id,
        "position": 1,
        "question": QUESTION,
        "state": state,
        "created_at": now,
        "opened_at": None if state == PollState.DRAFT else now,
        "closed_at": now if state == PollState.CLOSED else None,
    }
    options = [
        QuickPollOption(position=place, label=label) for place, label in enumerate(labels, start=1)
    ]
    with write() as session:
        poll = QuickPoll(**(values | changes), options=options)
        session.add(poll)
    db.session.refresh(poll)
    return poll


def vote_by(registration: Registration, poll: QuickPoll, *places: int) -> None:
    """A guest chooses answers by their place, from 0."""
    chosen = {poll.options[place].id for place in places}
    attendee = attendee_of(registration.webinar, None, registration.token)
    with write():
        voting.vote(poll.id, chosen, attendee)
    db.session.refresh(poll)


def numbers(poll: QuickPoll) -> tuple[int, list[int]]:
    """What the rows say: people, and votes for each answer."""
    db.session.rollback()
    fresh = db.session.get_one(QuickPoll, poll.id)
    return fresh.voters, [option.votes for option in fresh.options]


def recount(poll: QuickPoll) -> tuple[int, list[int]]:
    """The same, counted from the votes themselves."""
    db.session.rollback()
    people = select(QuickPollVote.user_id, QuickPollVote.registration_id).where(
        QuickPollVote.poll_id == poll.id
    )
    votes = select(QuickPollVote.option_id, func.count()).where(QuickPollVote.poll_id == poll.id)
    counted = {
        row[0]: row[1] for row in db.session.execute(votes.group_by(QuickPollVote.option_id))
    }
    fresh = db.session.get_one(QuickPoll, poll.id)
    voters = len(set(db.session.execute(people).all()))
    return voters, [counted.get(option.id, 0) for option in fresh.options]
