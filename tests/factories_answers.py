"""Questions that organisers ask, and what belongs to people's own places."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, write
from app.webinars import asking
from app.webinars.enums import ConsentKind, QuestionKind, TransferSource
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import (
    Consent,
    CounterProposal,
    RegistrationAnswer,
    RegistrationQuestion,
    SeatTransfer,
)

T = TypeVar("T")


def make_question(
    webinar: Webinar, label: str = "What do you hope to take home?", **changes: Any
) -> RegistrationQuestion:
    values: dict[str, Any] = {
        "webinar_id": webinar.id,
        "position": 1,
        "label": label,
        "kind": QuestionKind.TEXT,
        "choices": [],
    }
    return _kept(RegistrationQuestion(**(values | changes)))


def make_answer(
    registration: Registration, question: RegistrationQuestion, text: str
) -> RegistrationAnswer:
    return _kept(
        RegistrationAnswer(registration_id=registration.id, question_id=question.id, text=text)
    )


def make_transfer(registration: Registration, **changes: Any) -> SeatTransfer:
    """The seat is offered to a colleague."""
    values: dict[str, Any] = {
        "registration_id": registration.id,
        "to_email": "colleague@demo.invalid",
        "to_name": "Youth officer",
        "source": TransferSource.LINK,
        "token": secrets.token_urlsafe(24),
        "created_at": utcnow(),
        "expires_at": utcnow() + timedelta(hours=48),
    }
    return _kept(SeatTransfer(**(values | changes)))


def make_proposal(registration: Registration, **changes: Any) -> CounterProposal:
    values: dict[str, Any] = {
        "registration_id": registration.id,
        "starts_at": utcnow() + timedelta(days=9),
        "received_at": utcnow(),
    }
    return _kept(CounterProposal(**(values | changes)))


def make_consent(registration: Registration, kind: ConsentKind, is_given: bool) -> Consent:
    values: dict[str, Any] = {
        "kind": kind,
        "version": "2026-11",
        "is_given": is_given,
        "at": utcnow(),
    }
    return _kept(Consent(registration_id=registration.id, **values))


def answers_to(registration: Registration) -> dict[str, str]:
    """By the words of the question."""
    db.session.rollback()
    replies = asking.answers_of([registration.id]).get(registration.id, {})
    questions = db.session.scalars(asking.every_question_at(registration.webinar_id))
    return {one.label: replies[one.id] for one in questions if one.id in replies}


def consents_of(registration: Registration) -> list[tuple[ConsentKind, bool]]:
    """Every row, oldest first."""
    db.session.rollback()
    rows = select(Consent).where(Consent.registration_id == registration.id).order_by(Consent.id)
    return [(row.kind, row.is_given) for row in db.session.scalars(rows)]


def _kept(row: T) -> T:
    with write() as session:
        session.add(row)
    db.session.refresh(row)
    return row
