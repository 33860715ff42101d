"""Feedback on several webinars, in numbers, and no number that would tell of one answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, func, or_, select

from app.core.clock import utcnow
from app.core.db import db
from app.feedback.asking import OPEN_FOR
from app.feedback.models import FeedbackAnswer
from app.feedback.summing import FEWEST
from app.webinars.queries import ended_before


def feedback_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """One row for each webinar whose results are shown (`summing.results`).

    `answers`, and stars added up where five gave some.
    """
    rated, stars = func.count(FeedbackAnswer.usefulness), func.sum(FeedbackAnswer.usefulness)
    closed = FeedbackAnswer.webinar_id.in_(ended_before(utcnow() - OPEN_FOR))
    is_step = func.count() % FEWEST == 0
    counted = (
        select(
            FeedbackAnswer.webinar_id,
            func.count().label("answers"),
            case((rated >= FEWEST, rated), else_=0).label("rated"),
            case((rated >= FEWEST, stars), else_=0).label("stars"),
        )
        .where(FeedbackAnswer.webinar_id.in_(ids))
        .group_by(FeedbackAnswer.webinar_id)
        .having(func.count() >= FEWEST)
        .having(or_(is_step, func.min(case((closed, 1), else_=0)) == 1))
    )
    return db.session.execute(counted).all()
