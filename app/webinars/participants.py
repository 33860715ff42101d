"""Who wants to come: what people say of themselves, and the one row of their address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.webinars import asking, consenting, seats
from app.webinars.enums import CancelSource, PartStat, RegistrationState
from app.webinars.models import Registration, Webinar

CONSENT_VERSION = consenting.DATA_VERSION

PLACED = [
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.ON_HOLD,
    RegistrationState.PENDING_APPROVAL,
    RegistrationState.REJECTED,
]
"""Whoever registers again in one of these stays as they are."""


@dataclass(frozen=True)
class Person:
    """Who wants to come. `language` and `timezone` decide words and hours of the mails."""

    email: str
    name: str
    language: str
    timezone: str
    city_label: str = ""
    city_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True)
class Answers:
    """What the form asks; `questions` are the organisers' own, by their id.

    `consents` are what is agreed to, each by itself.
    """

    access_needs: str = ""
    is_listed: bool = False
    questions: Mapping[int, str] = field(default_factory=dict)
    consents: tuple[consenting.Noted, ...] = ()


def stays_out(registration: Registration) -> bool:
    """Whether an organiser ended it: only an organiser can let the person come again."""
    is_ended = registration.state == RegistrationState.CANCELLED
    return is_ended and registration.cancel_source == CancelSource.ORGANISER


def person_of(user: User, language: str) -> Person:
    """A member as participant: the city of the seat they hold today."""
    today = utcnow().date()
    held = [s for s in user.seats if s.starts_on <= today and not (s.ends_on and s.ends_on < today)]
    return Person(
        email=user.email.lower(),
        name=user.display_name,
        language=user.locale or language,
        timezone=user.timezone,
        city_id=next((seat.city_id for seat in held if seat.city_id), None),
        user_id=user.id,
    )


def person_again(registration: Registration) -> Person:
    """The person of a registration, to register elsewhere."""
    return Person(
        email=registration.email,
        name=registration.name,
        language=registration.language,
        timezone=registration.timezone,
        city_label=registration.city_label,
        city_id=registration.city_id,
        user_id=registration.user_id,
    )


def answers_again(registration: Registration) -> Answers:
    """What holds for this registration; the organisers' own questions belong to it alone."""
    held = consenting.held_by(registration)
    return Answers(
        access_needs=registration.access_needs,
        is_listed=registration.is_listed,
        consents=tuple(consenting.Noted(kind, is_given) for kind, is_given in held.items()),
    )


def row_of(webinar: Webinar, email: str) -> Registration:
    """The row of this address, of an earlier registration or a new one. Callers hold the lock."""
    mine = select(Registration).where(
        Registration.webinar_id == webinar.id, Registration.email == email.lower()
    )
    found = db.session.scalars(locked(mine)).first()
    if found is not None:
        return found
    fresh = Registration(
        webinar=webinar,
        email=email.lower(),
        token=secrets.token_urlsafe(32),
        state=RegistrationState.PENDING_EMAIL,
        created_at=utcnow(),
        queued_at=utcnow(),
    )
    with db.session.no_autoflush:
        db.session.add(fresh)
    return fresh


def fill(registration: Registration, person: Person, answers: Answers) -> None:
    registration.name = person.name
    registration.user_id = person.user_id or registration.user_id
    registration.city_id = person.city_id
    registration.city_label = person.city_label
    registration.language = person.language
    registration.timezone = person.timezone
    registration.access_needs = answers.access_needs
    registration.is_listed = answers.is_listed
    registration.consent_version = CONSENT_VERSION
    registration.partstat = PartStat.NEEDS_ACTION


def keep_answers(registration: Registration, answers: Answers, *, is_new: bool) -> None:
    """What belongs to a registration that has its number. `is_new`: it had none before."""
    asking.save_answers(registration, answers.questions)
    if is_new:
        consenting.note_first(registration, answers.consents)
    else:
        consenting.note_changed(registration, answers.consents)


def change_answers(registration: Registration, answers: Answers) -> None:
    """What a person told the organisers, changed on the own page."""
    seats.hold(registration.webinar_id)
    reload(registration)
    registration.access_needs = answers.access_needs
    keep_answers(registration, answers, is_new=False)


def reload(registration: Registration) -> None:
    """Read it again under the lock."""
    db.session.scalars(locked(select(Registration).where(Registration.id == registration.id))).one()
