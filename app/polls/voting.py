"""A vote in a quick poll. The poll's row is locked, so each person counts once and none is lost."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, bindparam, false, or_, select

from app.core.db import db, locked
from app.core.prepared import Prepared
from app.core.rate_limit import MINUTE, Allowance, spend
from app.live.attendees import Attendee
from app.live.revisions import renew
from app.polls.enums import PollState
from app.polls.errors import NothingChosen, OnlyOneAnswer, PollClosed
from app.polls.models import QuickPoll, QuickPollVote

PACE = Allowance(30, MINUTE)


def may_vote(attendee: Attendee) -> bool:
    """Whoever takes part and can be counted once; a speaker without an account cannot."""
    return attendee.takes_part and bool(attendee.user_id or attendee.registration_id)


def vote(poll_id: int, option_ids: Collection[int], attendee: Attendee) -> None:
    """Keep what somebody chooses instead of what they chose before.

    Answers of other polls are passed over. Raise PollClosed, NothingChosen, OnlyOneAnswer.
    """
    spend("poll.vote", _who(attendee), PACE)
    poll = _held(poll_id)
    chosen = _chosen(poll, option_ids)
    before = {row.option_id: row for row in db.session.scalars(_own_rows(poll, attendee))}
    if chosen == before.keys():
        return
    for option in poll.options:
        option.votes += (option.id in chosen) - (option.id in before)
    for option_id in before.keys() - chosen:
        db.session.delete(before[option_id])
    for option_id in sorted(chosen - before.keys()):
        db.session.add(_row(poll, option_id, attendee))
    poll.voters += 0 if before else 1
    db.session.flush()
    renew(poll.webinar_id)


def own_options(webinar_id: int, attendee: Attendee) -> tuple[int, ...]:
    """What this person chose in all polls of a webinar, as ids of answers in order.

    Polls look the same to everybody with the same choices.
    """
    registration = attendee.registration
    return own_options_at(webinar_id, attendee.user_id, registration.id if registration else None)


def own_options_at(
    webinar_id: int, user_id: int | None, registration_id: int | None
) -> tuple[int, ...]:
    kinds = (user_id is not None, registration_id is not None)
    if not any(kinds):
        return ()
    values = {"user_id": user_id, "registration_id": registration_id}
    named = {name: value for name, value in values.items() if value is not None}
    return tuple(row[0] for row in _own_options.rows(kinds, webinar_id=webinar_id, **named))


@Prepared
def _own_options(by_user: bool, by_registration: bool) -> Any:
    mine = []
    if by_user:
        mine.append(QuickPollVote.user_id == bindparam("user_id"))
    if by_registration:
        mine.append(QuickPollVote.registration_id == bindparam("registration_id"))
    return (
        select(QuickPollVote.option_id)
        .join(QuickPoll, QuickPoll.id == QuickPollVote.poll_id)
        .where(QuickPoll.webinar_id == bindparam("webinar_id"), or_(*mine))
        .order_by(QuickPollVote.option_id)
    )


def _held(poll_id: int) -> QuickPoll:
    """Nobody closes it, and nobody else votes, until this vote is counted."""
    poll = db.session.scalars(locked(select(QuickPoll).where(QuickPoll.id == poll_id))).one()
    if poll.state != PollState.OPEN or poll.removed_at is not None:
        raise PollClosed
    db.session.refresh(poll, ["options"])
    for option in poll.options:
        db.session.refresh(option)
    return poll


def _chosen(poll: QuickPoll, option_ids: Collection[int]) -> set[int]:
    chosen = {option.id for option in poll.options} & set(option_ids)
    if not chosen:
        raise NothingChosen
    if len(chosen) > 1 and not poll.is_multiple:
        raise OnlyOneAnswer
    return chosen


def _own_rows(poll: QuickPoll, attendee: Attendee) -> Select[QuickPollVote]:
    """By account or by registration: a guest who got an account since is the same person."""
    mine = []
    if attendee.user_id is not None:
        mine.append(QuickPollVote.user_id == attendee.user_id)
    if attendee.registration is not None:
        mine.append(QuickPollVote.registration_id == attendee.registration.id)
    return select(QuickPollVote).where(QuickPollVote.poll_id == poll.id, or_(false(), *mine))


def _row(poll: QuickPoll, option_id: int, attendee: Attendee) -> QuickPollVote:
    return QuickPollVote(
        poll_id=poll.id,
        option_id=option_id,
        user_id=attendee.user_id,
        registration_id=attendee.registration_id,
    )


def _who(attendee: Attendee) -> str:
    if attendee.user_id is not None:
        return f"user:{attendee.user_id}"
    return f"registration:{attendee.registration_id}"
