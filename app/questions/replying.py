"""Telling whoever asked: that there is an answer, once, or why their question is not shown."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.forum.queries import thread_is_answered
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.questions.signals import question_dismissed, question_replied

TOLD = {QuestionState.ANSWERED, QuestionState.MERGED}


def plan_reply(question: Question) -> None:
    """In a while, so that a slip can be taken back. Twice is once."""
    enqueue(
        "questions.tell_askers",
        f"{question.id}:{question.lock_version}",
        run_at=utcnow() + quiet_time(),
        question_id=question.id,
    )


def plan_dismissal(question: Question) -> None:
    enqueue(
        "questions.tell_dismissed",
        f"{question.id}:{question.lock_version}",
        run_at=utcnow() + quiet_time(),
        question_id=question.id,
    )


def tell_askers(question: Question) -> list[Question]:
    """Members by a notice. Return whose registration is to be mailed: guests, and members whose
    registration takes our mails. Callers hold the desk. Nobody is told twice.
    """
    if not has_reply(question):
        return []
    told = []
    for asked in _with_merged(question):
        if asked.replied_at is None:
            asked.replied_at = utcnow()
            told.append(asked)
            if asked.asker_id is not None:
                question_replied.send(asked, thread_id=question.thread_id)
    db.session.flush()
    return [asked for asked in told if wants_mail(asked)]


def tell_dismissed(question: Question) -> bool:
    """Whether a mail has to go too. Nobody hears of what is shown again meanwhile."""
    if question.state is not QuestionState.DISMISSED:
        return False
    if question.asker_id is not None:
        question_dismissed.send(question)
    return wants_mail(question)


def has_reply(question: Question) -> bool:
    """A written answer, or one that was accepted in the forum. Words in the room need no mail."""
    if question.state is not QuestionState.ANSWERED:
        return False
    return bool(question.answer) or thread_is_answered(question.thread_id)


def wants_mail(question: Question) -> bool:
    registration = question.registration
    if registration is None:
        return False
    return question.asker_id is None or registration.wants_reminders


def _with_merged(question: Question) -> Sequence[Question]:
    same = or_(Question.id == question.id, Question.merged_into_id == question.id)
    found = select(Question).where(same, Question.state.in_(TOLD)).order_by(Question.id)
    return db.session.scalars(found).all()
