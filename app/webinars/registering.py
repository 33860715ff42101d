"""Taking, confirming, giving up and taking back a place (spec/webinars 6.2)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.audit import AuditEntry, record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.core.tokens import LinkExpired
from app.webinars import inviting, seats
from app.webinars.enums import CancelSource, PartStat, RegistrationState
from app.webinars.errors import PlaceGivenUp, RegistrationClosed, TooManyRegistrations
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_coming

CONSENT_VERSION = "2026-11"
CONFIRM_WITHIN = timedelta(hours=48)
TRIES_PER_HOUR = 5
SAME_MAIL_WITHIN_MINUTES = 10
ASKED = "webinars.ask_for_place"

PLACED = [
    RegistrationState.CONFIRMED,
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.ON_HOLD,
    RegistrationState.PENDING_APPROVAL,
    RegistrationState.REJECTED,
]


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
    """What the form asks."""

    access_needs: str = ""
    is_listed: bool = False


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


def register(webinar: Webinar, person: Person, answers: Answers) -> Registration:
    """Give a member a seat or a place on the waiting list at once. Twice is once."""
    return register_at(webinar.id, person, answers)


def register_at(webinar_id: int, person: Person, answers: Answers) -> Registration:
    """The same where the webinar was not loaded. The caller has seen that the person may see it."""
    webinar = _hold_open(webinar_id)
    registration = _row_of(webinar, person)
    if registration.state in PLACED:
        registration.user_id = person.user_id
        return registration
    _fill(registration, person, answers)
    _settle(webinar, registration)
    return registration


def ask_for_place(webinar: Webinar, person: Person, answers: Answers, source: str) -> None:
    """Mail a guest a link that confirms the address; no seat is taken before.

    A person who already has a place gets the link to it instead, so the answer on the page is
    the same for everybody. `source` stands for the network address the request came from.
    """
    _count_try(source)
    webinar = _hold_open(webinar.id)
    registration = _row_of(webinar, person)
    if registration.state in PLACED:
        _mail("webinars.send_own_link", registration)
        return
    _fill(registration, person, answers)
    registration.state = RegistrationState.PENDING_EMAIL
    registration.queued_at = utcnow()
    db.session.flush()
    _mail("webinars.send_confirm_link", registration)
    _expire_later(registration, webinar)


def send_own_link(webinar: Webinar, email: str, source: str) -> None:
    """Mail the personal link again to an address that has a place here; else do nothing."""
    _count_try(source)
    registration = db.session.scalar(
        select(Registration).where(
            Registration.webinar_id == webinar.id, Registration.email == email.lower()
        )
    )
    if registration is not None and registration.state in PLACED:
        _mail("webinars.send_own_link", registration)


def confirm_address(registration: Registration) -> None:
    """Settle a guest whose address is proven. Twice is once."""
    webinar = seats.hold(registration.webinar_id)
    _reload(registration)
    if registration.state == RegistrationState.EXPIRED:
        raise LinkExpired
    if registration.state == RegistrationState.CANCELLED:
        raise PlaceGivenUp
    if registration.state == RegistrationState.PENDING_EMAIL:
        _require_open(webinar)
        _settle(webinar, registration)


def expire(registration: Registration, queued_at: datetime) -> None:
    """Drop a request that was not confirmed in time, unless it was made anew since."""
    is_pending = registration.state == RegistrationState.PENDING_EMAIL
    if is_pending and registration.queued_at == queued_at:
        registration.state = RegistrationState.EXPIRED


def withdraw(registration: Registration, source: CancelSource = CancelSource.USER) -> None:
    """Give up a place; the next person on the waiting list moves up. Twice is once."""
    webinar = seats.hold(registration.webinar_id)
    _reload(registration)
    if registration.state in {RegistrationState.CANCELLED, RegistrationState.EXPIRED}:
        return
    _require_open(webinar)
    had_seat = registration.state in seats.TAKEN
    registration.state = RegistrationState.CANCELLED
    registration.cancel_source = source
    registration.cancelled_at = utcnow()
    db.session.flush()
    if had_seat:
        inviting.uninvite(registration)
        seats.promote(webinar)


def take_back(registration: Registration) -> None:
    """Undo one's own cancellation: the seat if it is still free, else the end of the line."""
    webinar = seats.hold(registration.webinar_id)
    _reload(registration)
    if registration.state == RegistrationState.CANCELLED:
        _require_open(webinar)
        _settle(webinar, registration)


def _settle(webinar: Webinar, registration: Registration) -> None:
    seats.settle(webinar, registration)
    db.session.flush()
    if registration.state == RegistrationState.WAITLISTED:
        key = f"{registration.id}:{registration.queued_at.isoformat()}"
        enqueue("webinars.send_waitlisted", key, registration_id=registration.id)


def _hold_open(webinar_id: int) -> Webinar:
    held = seats.hold(webinar_id)
    _require_open(held)
    return held


def _require_open(webinar: Webinar) -> None:
    if not is_coming(webinar, utcnow()):
        raise RegistrationClosed


def _reload(registration: Registration) -> None:
    """Read it again under the lock."""
    db.session.scalars(locked(select(Registration).where(Registration.id == registration.id))).one()


def _row_of(webinar: Webinar, person: Person) -> Registration:
    """The row of this address, of an earlier registration or a new one."""
    mine = select(Registration).where(
        Registration.webinar_id == webinar.id, Registration.email == person.email.lower()
    )
    found = db.session.scalars(locked(mine)).first()
    if found is not None:
        return found
    fresh = Registration(
        webinar=webinar,
        email=person.email.lower(),
        token=secrets.token_urlsafe(32),
        state=RegistrationState.PENDING_EMAIL,
        created_at=utcnow(),
        queued_at=utcnow(),
    )
    with db.session.no_autoflush:
        db.session.add(fresh)
    return fresh


def _fill(registration: Registration, person: Person, answers: Answers) -> None:
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


def _mail(job_name: str, registration: Registration) -> None:
    """At most one of a kind to one person within ten minutes, however often it is asked for."""
    now = utcnow()
    asked = f"{now:%Y%m%d%H}.{now.minute // SAME_MAIL_WITHIN_MINUTES}"
    key = f"{registration.id}:{asked}"
    enqueue(job_name, key, registration_id=registration.id, asked=asked)


def _expire_later(registration: Registration, webinar: Webinar) -> None:
    queued_at = registration.queued_at
    last = queued_at + CONFIRM_WITHIN
    enqueue(
        "webinars.expire",
        f"{registration.id}:{queued_at.isoformat()}",
        run_at=min(last, webinar.starts_at) if webinar.starts_at else last,
        registration_id=registration.id,
        queued_at=queued_at.isoformat(),
    )


def _count_try(source: str) -> None:
    """Five an hour from one network address (spec/webinars 6.2)."""
    thing = f"source:{source}"
    since = utcnow() - timedelta(hours=1)
    tries = select(func.count()).select_from(AuditEntry)
    mine = tries.where(AuditEntry.thing == thing, AuditEntry.act == ASKED, AuditEntry.at > since)
    if (db.session.scalar(mine) or 0) >= TRIES_PER_HOUR:
        raise TooManyRegistrations
    record(None, ASKED, thing)
