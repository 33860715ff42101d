"""What a survey asks; the caller has seen the webinar."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from app.core.db import db
from app.feedback.models import FeedbackAnswer, Survey, SurveyQuestion


def survey_of(webinar_id: int) -> Survey:
    """What the organisers said of it; as long as they said nothing, what everybody starts with."""
    fallback = Survey(webinar_id=webinar_id, is_wanted=True, is_line_public=False)
    return db.session.get(Survey, webinar_id) or fallback


def own_questions(webinar_id: int) -> Select[SurveyQuestion]:
    """What the organisers ask besides."""
    return (
        select(SurveyQuestion)
        .where(SurveyQuestion.webinar_id == webinar_id)
        .order_by(SurveyQuestion.position, SurveyQuestion.id)
    )


def answer_count(webinar_id: int) -> int:
    counted = select(func.count()).where(FeedbackAnswer.webinar_id == webinar_id)
    return db.session.scalar(counted) or 0
