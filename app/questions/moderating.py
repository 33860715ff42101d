"""What organisers and speakers do with questions. Each act has one that undoes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.markup import Rendered
from app.live.revisions import renew
from app.questions import replying
from app.questions.desk import hold_all, hold_desk
from app.questions.enums import QuestionState
from app.questions.errors import NotOpen, ReasonMissing
from app.questions.models import Question
from app.webinars.models import Webinar
from app.webinars.phases import ROOM_CLOSES

ANSWERABLE = {QuestionState.OPEN, QuestionState.ANSWERED}
DISMISSABLE = {QuestionState.WAITING, QuestionState.OPEN}


def let_through(question: Question) -> None:
    """One that waits, or that was dismissed. Raise NotOpen."""
    held = _hold(question, {QuestionState.WAITING, QuestionState.DISMISSED})
    held.state = QuestionState.OPEN
    _end(held)


def send_back(question: Question) -> None:
    """Undo `let_through` of one that waited."""
    held = _hold(question, {QuestionState.OPEN, QuestionState.DISMISSED})
    held.state, held.is_now = QuestionState.WAITING, False
    _end(held)


def dismiss(question: Question, reason: str) -> None:
    """Its asker is told why, in a while. Raise ReasonMissing, NotOpen."""
    if not reason.strip():
        raise ReasonMissing
    held = _hold(question, DISMISSABLE)
    held.state, held.is_now, held.reason = QuestionState.DISMISSED, False, reason
    _end(held)
    replying.plan_dismissal(held)


def begin_answering(question: Question) -> int | None:
    """It is being answered now, and no other. Return the id of the one that was before."""
    hold_desk(question.webinar_id)
    current = select(Question.id).where(
        Question.webinar_id == question.webinar_id, Question.is_now, Question.id != question.id
    )
    before = db.session.scalars(current).all()
    held = {row.id: row for row in hold_all(question.id, *before)}
    if held[question.id].state not in ANSWERABLE:
        raise NotOpen
    for row in held.values():
        row.is_now = row.id == question.id
    held[question.id].state = QuestionState.OPEN
    _end(held[question.id])
    return before[0] if before else None


def stop_answering(question: Question) -> None:
    held = _hold(question, ANSWERABLE)
    held.is_now = False
    _end(held)


def mark_answered(question: Question, actor: User | None, *, again: bool = False) -> None:
    """Answered by word of mouth, at this minute of the webinar. `again`: at the minute it was."""
    held = _hold(question, ANSWERABLE)
    if not (again and held.answered_at):
        _stamp(held, actor)
    held.state, held.is_now = QuestionState.ANSWERED, False
    _end(held)


def reopen(question: Question) -> None:
    """It wants an answer all the same. When it was answered stays known, for the way back."""
    held = _hold(question, {QuestionState.ANSWERED})
    held.state = QuestionState.OPEN
    _end(held)


def write_answer(
    question: Question, text: str, rendered: Rendered, actor: User | None
) -> tuple[str, QuestionState]:
    """Instead of, or besides, what was said. Return the text and state before.

    An empty text takes the answer away: what else answers the question, a minute or a thread,
    decides where it stands then.
    """
    held = _hold(question, ANSWERABLE)
    before = held.answer, held.state
    held.answer, held.answer_html = text, rendered.html if text else ""
    if text:
        if held.answered_at is None:
            _stamp(held, actor, is_live=False)
        held.state, held.is_now = QuestionState.ANSWERED, False
        replying.plan_reply(held)
    elif held.answered_minute is None:
        held.state, held.answered_at = QuestionState.OPEN, None
    _end(held)
    return before


def minute_of(webinar: Webinar, now: datetime) -> int | None:
    """Which minute of the webinar this is; None before and after it."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return None
    end = webinar.ended_at or webinar.ends_at + ROOM_CLOSES
    if not webinar.starts_at <= now <= end:
        return None
    return int((now - webinar.starts_at).total_seconds() // 60) + 1


def _stamp(held: Question, actor: User | None, *, is_live: bool = True) -> None:
    held.answered_at = utcnow()
    held.answered_minute = minute_of(held.webinar, utcnow()) if is_live else None
    held.answered_by_id = actor.id if actor else None


def _hold(question: Question, states: set[QuestionState]) -> Question:
    """The row, held, if it stands where the act needs it. Raise NotOpen."""
    hold_desk(question.webinar_id)
    (held,) = hold_all(question.id)
    if held.state not in states:
        raise NotOpen
    return held


def _end(held: Question) -> None:
    held.lock_version += 1
    db.session.flush()
    renew(held.webinar_id)
