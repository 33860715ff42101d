"""The organisers' list of registrations: each with all that is known of it, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.clock import utcnow
from app.core.db import db
from app.webinars.asking import answer_words, answers_of, every_question_at
from app.webinars.attending import registrations_at
from app.webinars.consenting import is_recording_asked
from app.webinars.enums import ConsentKind, RegistrationState
from app.webinars.exporting import city_of
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import Consent, CounterProposal, RegistrationQuestion, SeatTransfer

MOST_PROPOSALS = 50


@dataclass(frozen=True)
class Listed:
    """One person. `may_record` is None where nobody is asked; `place` counts the waiting list."""

    registration: Registration
    city: str
    answers: list[tuple[str, str]]
    may_record: bool | None
    transfer: SeatTransfer | None


def people_at(webinar: Webinar, state: RegistrationState | None) -> Select[Registration]:
    """Everybody, or those in one state; the waiting list in its own order."""
    people = registrations_at(webinar)
    if state is not None:
        people = people.where(Registration.state == state)
    if state == RegistrationState.WAITLISTED:
        line = (Registration.priority.desc(), Registration.queued_at, Registration.id)
        return people.order_by(None).order_by(*line)
    return people


def one_of(webinar: Webinar, registration_id: int) -> Select[Registration]:
    return registrations_at(webinar).where(Registration.id == registration_id)


def listed(webinar: Webinar, rows: Sequence[Registration]) -> list[Listed]:
    """The rows of one page with what belongs to them."""
    ids = [row.id for row in rows]
    questions = db.session.scalars(every_question_at(webinar.id)).all()
    replies, transfers = answers_of(ids), _transfers(ids)
    recorded = _recorded(ids) if is_recording_asked(webinar) else None
    return [
        Listed(
            registration=row,
            city=city_of(row),
            answers=_in_words(questions, replies.get(row.id, {})),
            may_record=None if recorded is None else recorded.get(row.id, False),
            transfer=transfers.get(row.id),
        )
        for row in rows
    ]


def proposals_at(webinar: Webinar) -> Sequence[Any]:
    """Other times that people proposed by calendar, the newest first."""
    proposed = (
        select(CounterProposal, Registration)
        .join(Registration, Registration.id == CounterProposal.registration_id)
        .where(Registration.webinar_id == webinar.id)
        .options(joinedload(Registration.city))
        .order_by(CounterProposal.received_at.desc(), CounterProposal.id.desc())
        .limit(MOST_PROPOSALS)
    )
    return db.session.execute(proposed).all()


def _in_words(
    questions: Iterable[RegistrationQuestion], replies: dict[int, str]
) -> list[tuple[str, str]]:
    return [
        (question.label, answer_words(question, replies[question.id]))
        for question in questions
        if question.id in replies
    ]


def _transfers(ids: Sequence[int]) -> dict[int, SeatTransfer]:
    """Seats that are offered to a colleague now."""
    running = select(SeatTransfer).where(
        SeatTransfer.registration_id.in_(ids),
        SeatTransfer.accepted_at.is_(None),
        SeatTransfer.ended_at.is_(None),
        SeatTransfer.expires_at > utcnow(),
    )
    return {row.registration_id: row for row in db.session.scalars(running)}


def _recorded(ids: Sequence[int]) -> dict[int, bool]:
    """The newest answer of each person."""
    noted = select(Consent).where(
        Consent.registration_id.in_(ids), Consent.kind == ConsentKind.RECORDING
    )
    rows = db.session.scalars(noted.order_by(Consent.id))
    return {row.registration_id: row.is_given for row in rows}
