"""Questions of the demonstration's live hour when that is laid on another moment."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.core.db import db
from app.questions.desk import hold_desk
from app.questions.models import Question


def shift(webinar_id: int, by: timedelta) -> None:
    """What was asked and answered was so as long after the start as before."""
    hold_desk(webinar_id)
    rows = select(Question).where(Question.webinar_id == webinar_id).order_by(Question.id)
    for question in db.session.scalars(rows):
        question.asked_at += by
        if question.answered_at is not None:
            question.answered_at += by
