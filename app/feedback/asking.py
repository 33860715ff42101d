"""When a webinar asks for feedback, and what its organisers ask besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.feedback.enums import SurveyKind
from app.feedback.errors import AnswersAreIn, TooManyQuestions
from app.feedback.models import Survey, SurveyQuestion
from app.feedback.queries import own_questions, survey_of
from app.webinars import seats
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar

OPEN_FOR = timedelta(days=14)
MOST_QUESTIONS = 5
HELD = frozenset({Status.PUBLISHED, Status.ARCHIVED})


class SurveyPhase(StrEnum):
    NONE = "none"  # nobody asks: not wanted, or the webinar did not take place
    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class AskedQuestion:
    """One row of the organisers' form. `id` names the question it changes."""

    label: str
    kind: SurveyKind
    id: int | None = None


def opens_at(webinar: Webinar) -> datetime | None:
    """The end: as planned, or when an organiser closed the room before."""
    if webinar.ends_at is None:
        return None
    return min(webinar.ended_at or webinar.ends_at, webinar.ends_at)


def closes_at(webinar: Webinar) -> datetime | None:
    return webinar.ends_at + OPEN_FOR if webinar.ends_at else None


def survey_phase(webinar: Webinar) -> SurveyPhase:
    start, end = opens_at(webinar), closes_at(webinar)
    if start is None or end is None or webinar.status not in HELD:
        return SurveyPhase.NONE
    if not survey_of(webinar.id).is_wanted:
        return SurveyPhase.NONE
    if utcnow() < start:
        return SurveyPhase.EARLY
    return SurveyPhase.OPEN if utcnow() < end else SurveyPhase.CLOSED


def survey_open(webinar: Webinar) -> bool:
    return survey_phase(webinar) is SurveyPhase.OPEN


def may_answer(registration: Registration | None) -> bool:
    """Who had a place; whether they came is not asked, a recording is enough."""
    return registration is not None and registration.state == RegistrationState.CONFIRMED


def is_fixed(webinar: Webinar) -> bool:
    """Once people can answer, all are asked the same."""
    start = opens_at(webinar)
    return start is not None and webinar.status in HELD and utcnow() >= start


def save_survey(webinar: Webinar, *, is_wanted: bool, is_line_public: bool, actor: User) -> None:
    seats.hold(webinar.id)
    survey = survey_of(webinar.id)
    survey.is_wanted, survey.is_line_public = is_wanted, is_line_public
    db.session.add(survey)
    record(actor.id, "feedback.set", f"webinar:{webinar.id}")
    db.session.flush()


def replace_questions(webinar: Webinar, rows: Sequence[AskedQuestion]) -> None:
    """Make the organisers' questions what the rows say. Raise TooManyQuestions, AnswersAreIn."""
    seats.hold(webinar.id)
    known = {one.id: one for one in db.session.scalars(own_questions(webinar.id))}
    wanted = [row for row in rows if row.label]
    if [(row.id, row.label, row.kind) for row in wanted] == [
        (one.id, one.label, one.kind) for one in known.values()
    ]:
        return
    if is_fixed(webinar):
        raise AnswersAreIn
    if len(wanted) > MOST_QUESTIONS:
        raise TooManyQuestions(MOST_QUESTIONS)
    kept = {row.id for row in wanted}
    for question in known.values():
        if question.id not in kept:
            db.session.delete(question)
    for position, row in enumerate(wanted, start=1):
        question = known.get(row.id or 0) or SurveyQuestion(webinar_id=webinar.id)
        question.position, question.label, question.kind = position, row.label, row.kind
        db.session.add(question)
    db.session.flush()


def copy_survey(source: Webinar, target: Webinar) -> None:
    """What the organisers changed there holds here too; nobody's answer comes along."""
    told = db.session.get(Survey, source.id)
    if told is not None:
        db.session.add(
            Survey(
                webinar_id=target.id, is_wanted=told.is_wanted, is_line_public=told.is_line_public
            )
        )
    for one in db.session.scalars(own_questions(source.id)):
        db.session.add(
            SurveyQuestion(
                webinar_id=target.id, position=one.position, label=one.label, kind=one.kind
            )
        )
    db.session.flush()
