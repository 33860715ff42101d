"""Who asked and who voted is forgotten in time; what was asked and how many wanted it stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.core.db import db
from app.questions.models import Question, QuestionVote
from app.webinars.clearing import ANSWERS_KEPT
from app.webinars.queries import ended_before


def forget_people(now: datetime) -> None:
    """Of webinars that ended long ago: guests' links to their questions, and all votes."""
    over = ended_before(now - ANSWERS_KEPT)
    mine = select(Question.id).where(Question.webinar_id.in_(over))
    _run(delete(QuestionVote).where(QuestionVote.question_id.in_(mine)))
    linked = Question.webinar_id.in_(over) & Question.registration_id.is_not(None)
    _run(update(Question).where(linked).values(registration_id=None))


def _run(statement: Any) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
