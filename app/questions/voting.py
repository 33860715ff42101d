"""Who wants to know it too. `Question.votes` counts the rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from werkzeug.exceptions import NotFound

from app.core.clock import utcnow
from app.core.db import db
from app.core.rate_limit import MINUTE, Allowance, spend
from app.live.attendees import Attendee
from app.live.revisions import renew
from app.questions.desk import hold_desk, hold_with_merged
from app.questions.enums import QuestionState
from app.questions.errors import NotOpen, QuestionsClosed
from app.questions.models import Question, QuestionVote
from app.questions.permissions import takes_questions
from app.questions.queries import SHOWN
from app.webinars.attending import account_of_registration

VOTES = Allowance(60, MINUTE)


def turn_vote(attendee: Attendee, question_id: int) -> bool:
    """Vote, or take the vote back; say which. A merged question's votes are its target's.

    Raise NotFound, QuestionsClosed, NotOpen, AllowanceSpent.
    """
    webinar = attendee.webinar
    desk = hold_desk(webinar.id)
    if not takes_questions(webinar, desk, utcnow()):
        raise QuestionsClosed
    held = _held_to_vote(webinar.id, question_id)
    spend("question_vote", who(attendee), VOTES)
    has_voted = _take_back(held, attendee)
    if not has_voted:
        add_vote(held, attendee)
    recount(held)
    renew(webinar.id)
    return not has_voted


def _held_to_vote(webinar_id: int, question_id: int) -> Question:
    """Who still sees a question as it was before it was merged votes where it went."""
    found = hold_with_merged(question_id)
    if found is None or found.webinar_id != webinar_id:
        raise NotFound
    if found.merged_into_id is not None:
        found = hold_with_merged(found.merged_into_id) or found
    if found.state not in SHOWN:
        raise NotFound
    if found.state is not QuestionState.OPEN:
        raise NotOpen
    return found


def add_vote(question: Question, attendee: Attendee) -> None:
    db.session.add(
        QuestionVote(
            question_id=question.id,
            user_id=attendee.user_id,
            registration_id=attendee.registration_id,
            at=utcnow(),
        )
    )


def who(attendee: Attendee) -> str:
    """The name under which this person's acts are counted."""
    if attendee.user_id is not None:
        return f"user:{attendee.user_id}"
    return f"registration:{attendee.registration_id or 0}"


def gather(target: Question) -> None:
    """The votes of what was merged into it, each person once; who voted for it itself stays.

    Made anew from the votes that stayed with the merged ones, so it does not matter what was
    merged or split before.
    """
    db.session.flush()
    came = (QuestionVote.question_id == target.id) & QuestionVote.via_id.is_not(None)
    db.session.execute(delete(QuestionVote).where(came))
    merged = select(Question.id).where(Question.merged_into_id == target.id)
    seen = {_person(row) for row in _votes_of(QuestionVote.question_id == target.id)}
    for row in _votes_of(QuestionVote.question_id.in_(merged)):
        if (person := _person(row)) not in seen:
            seen.add(person)
            values = (row.user_id, row.registration_id, row.question_id, row.at)
            names = ("user_id", "registration_id", "via_id", "at")
            db.session.add(
                QuestionVote(question_id=target.id, **dict(zip(names, values, strict=True)))
            )
    recount(target)


def recount(question: Question) -> None:
    """Callers hold the row. The votes that were added are sent first."""
    db.session.flush()
    mine = select(func.count()).where(QuestionVote.question_id == question.id)
    question.votes = mine.scalar_subquery()
    db.session.flush()


def _take_back(held: Question, attendee: Attendee) -> bool:
    """Also what the person gave to questions that were merged into it."""
    db.session.flush()
    merged = select(Question.id).where(Question.merged_into_id == held.id)
    here = or_(QuestionVote.question_id == held.id, QuestionVote.question_id.in_(merged))
    gone = delete(QuestionVote).where(here, _is_theirs(attendee))
    found = db.session.execute(gone.returning(QuestionVote.question_id)).all()
    for question_id in sorted({row[0] for row in found} - {held.id}):
        recount(db.session.get_one(Question, question_id))
    return bool(found)


def _is_theirs(attendee: Attendee) -> ColumnElement[bool]:
    """By the account, and by the registration from before there was one."""
    mine: list[Any] = []
    if attendee.user_id is not None:
        mine.append(QuestionVote.user_id == attendee.user_id)
    if attendee.registration is not None:
        mine.append(QuestionVote.registration_id == attendee.registration.id)
    return or_(*mine)


def _votes_of(condition: Any) -> Sequence[Any]:
    """Direct votes first come first; with the account that a registration belongs to by now."""
    account = account_of_registration(QuestionVote.registration_id)
    return db.session.execute(
        select(
            QuestionVote.question_id,
            QuestionVote.user_id,
            QuestionVote.registration_id,
            QuestionVote.at,
            account.label("account_id"),
        )
        .where(condition)
        .order_by(QuestionVote.id)
    ).all()


def _person(row: Any) -> tuple[str, int]:
    user_id = row.user_id or row.account_id
    return ("user", user_id) if user_id else ("registration", row.registration_id)
