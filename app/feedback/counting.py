"""Feedback on several webinars, in numbers; fewer than five answers are no number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.feedback.models import FeedbackAnswer

FEWEST_SHOWN = 5


def feedback_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """One row for each webinar with five answers at least: `answers`, and stars added up."""
    counted = (
        select(
            FeedbackAnswer.webinar_id,
            func.count().label("answers"),
            func.count(FeedbackAnswer.usefulness).label("rated"),
            func.coalesce(func.sum(FeedbackAnswer.usefulness), 0).label("stars"),
        )
        .where(FeedbackAnswer.webinar_id.in_(ids))
        .group_by(FeedbackAnswer.webinar_id)
        .having(func.count() >= FEWEST_SHOWN)
    )
    return db.session.execute(counted).all()
