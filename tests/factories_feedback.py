"""Feedback for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from app.core.db import db, write
from app.feedback import answering
from app.feedback.answering import Said
from app.feedback.enums import SurveyKind
from app.feedback.models import FeedbackAnswer, SurveyQuestion
from app.webinars.models import Registration, Webinar
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar

HOURS_AGO = timedelta(hours=-3)


def make_past_webinar(**changes: Any) -> Webinar:
    """It ended an hour and three quarters ago: its survey is open."""
    return make_webinar(**({"starts_in": HOURS_AGO} | changes))


def answer(registration: Registration, **said: Any) -> None:
    with write():
        answering.answer(registration, Said(**said))


def answers_by(webinar: Webinar, said: Sequence[dict[str, Any]]) -> list[Registration]:
    """One person for each answer."""
    people = [make_registration(webinar) for _ in said]
    for person, one in zip(people, said, strict=True):
        answer(person, **one)
    return people


def make_own_question(webinar: Webinar, label: str, kind: SurveyKind, **changes: Any) -> int:
    with write() as session:
        question = SurveyQuestion(
            webinar_id=webinar.id, label=label, kind=kind, position=changes.get("position", 1)
        )
        session.add(question)
    return question.id


def answers_at(webinar: Webinar) -> list[FeedbackAnswer]:
    db.session.rollback()
    return list(db.session.query(FeedbackAnswer).filter_by(webinar_id=webinar.id))
