"""Counting the votes of every question anew, and saying where the number differs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import db
from app.live.revisions import renew
from app.questions.desk import hold_all, hold_desk
from app.questions.models import Question, QuestionVote
from app.questions.voting import recount
from app.webinars.clearing import ANSWERS_KEPT
from app.webinars.queries import ended_before


@dataclass(frozen=True)
class Difference:
    question_id: int
    webinar_id: int
    counted: int
    said: int

    def __str__(self) -> str:
        return f"question {self.question_id}: votes is {self.said}, counted {self.counted}"


def differences() -> list[Difference]:
    """Where votes were forgotten in time, only their number is left to believe."""
    forgotten = ended_before(utcnow() - ANSWERS_KEPT)
    rows = func.count(QuestionVote.id)
    counted = (
        select(Question.id, Question.webinar_id, rows, Question.votes)
        .outerjoin(QuestionVote, QuestionVote.question_id == Question.id)
        .where(Question.webinar_id.not_in(forgotten))
        .group_by(Question.id, Question.webinar_id, Question.votes)
        .having(rows != Question.votes)
        .order_by(Question.id)
    )
    return [Difference(*row) for row in db.session.execute(counted)]


def mend(difference: Difference) -> None:
    """Count again under the locks: it may be right by now."""
    hold_desk(difference.webinar_id)
    for question in hold_all(difference.question_id):
        recount(question)
    renew(difference.webinar_id)
