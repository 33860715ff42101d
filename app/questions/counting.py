"""What the audiences of several webinars asked, in numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, func, select

from app.core.db import db
from app.questions.enums import QuestionState
from app.questions.models import Question

SHOWN = (QuestionState.OPEN, QuestionState.ANSWERED)


def questions_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """One row for each webinar with `asked`, `answered` and `votes`; merged ones count once."""
    is_answered = case((Question.state == QuestionState.ANSWERED, 1), else_=0)
    counted = (
        select(
            Question.webinar_id,
            func.count().label("asked"),
            func.sum(is_answered).label("answered"),
            func.sum(Question.votes).label("votes"),
        )
        .where(Question.webinar_id.in_(ids), Question.state.in_(SHOWN))
        .group_by(Question.webinar_id)
    )
    return db.session.execute(counted).all()
