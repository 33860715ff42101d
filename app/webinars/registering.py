"""Taking, confirming, giving up and taking back a place (spec/webinars 6.2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.audit import AuditEntry, record
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.tokens import LinkExpired
from app.webinars import inviting, seats
from app.webinars.enums import CancelSource, RegistrationState, Status
from app.webinars.errors import (
    PlaceGivenUp,
    RegistrationClosed,
    TakenOutByOrganiser,
    TooLateToTakeBack,
    TooManyRegistrations,
)
from app.webinars.models import Registration, Webinar
from app.webinars.participants import (
    CONSENT_VERSION,
    PLACED,
    Answers,
    Person,
    fill,
    keep_answers,
    person_of,
    reload,
    row_of,
    stays_out,
)
from app.webinars.phases import is_coming

__all__ = ["CONSENT_VERSION", "PLACED", "Answers", "Person", "person_of"]

CONFIRM_WITHIN = timedelta(hours=48)
TRIES_PER_HOUR = 5
SAME_MAIL_WITHIN_MINUTES = 10
ASKED = "webinars.ask_for_place"

GIVEN_UP = {RegistrationState.CANCELLED, RegistrationState.EXPIRED, RegistrationState.REJECTED}


def register(webinar: Webinar, person: Person, answers: Answers) -> Registration:
    """Give a member a seat or a place on the waiting list at once. Twice is once."""
    return register_at(webinar.id, person, answers)


def register_at(webinar_id: int, person: Person, answers: Answers) -> Registration:
    """The same where the webinar was not loaded. The caller has seen that the person may see it."""
    webinar = hold_open(webinar_id)
    registration = row_of(webinar, person.email)
    if registration.state in PLACED:
        registration.user_id = person.user_id
        return registration
    if stays_out(registration):
        raise TakenOutByOrganiser
    is_new = registration.id is None
    fill(registration, person, answers)
    registration.queued_at = utcnow()
    place(webinar, registration)
    keep_answers(registration, answers, is_new=is_new)
    return registration


def ask_for_place(webinar: Webinar, person: Person, answers: Answers, source: str) -> None:
    """Mail a guest a link that confirms the address; no seat is taken before.

    A person who already has a place gets the link to it instead, so the answer on the page is
    the same for everybody. `source` stands for the network address the request came from.
    """
    count_try(source)
    webinar = hold_open(webinar.id)
    registration = row_of(webinar, person.email)
    if registration.state in PLACED:
        mail("webinars.send_own_link", registration)
        return
    if stays_out(registration):
        return
    is_new = registration.id is None
    fill(registration, person, answers)
    await_proof(webinar, registration, utcnow())
    keep_answers(registration, answers, is_new=is_new)
    mail("webinars.send_confirm_link", registration)


def await_proof(webinar: Webinar, registration: Registration, asked_at: datetime) -> None:
    """No place until the address is proven, and none at all if it is not in time."""
    registration.state = RegistrationState.PENDING_EMAIL
    registration.queued_at = asked_at
    db.session.flush()
    _expire_later(registration, webinar)


def send_own_link(webinar: Webinar, email: str, source: str) -> None:
    """Mail the personal link again to an address that has a place here; else do nothing."""
    count_try(source)
    registration = db.session.scalar(
        select(Registration).where(
            Registration.webinar_id == webinar.id, Registration.email == email.lower()
        )
    )
    if registration is not None and registration.state in PLACED:
        mail("webinars.send_own_link", registration)


def confirm_address(registration: Registration) -> None:
    """Settle a guest whose address is proven. Twice is once."""
    webinar = seats.hold(registration.webinar_id)
    reload(registration)
    if registration.state == RegistrationState.EXPIRED:
        raise LinkExpired
    if registration.state == RegistrationState.CANCELLED:
        raise PlaceGivenUp
    if registration.state == RegistrationState.PENDING_EMAIL:
        _require_open(webinar)
        registration.queued_at = utcnow()
        place(webinar, registration)


def expire(registration: Registration, queued_at: datetime) -> None:
    """Drop a request that was not confirmed in time, unless it was made anew since."""
    is_pending = registration.state == RegistrationState.PENDING_EMAIL
    if is_pending and registration.queued_at == queued_at:
        registration.state = RegistrationState.EXPIRED


def withdraw(registration: Registration, source: CancelSource = CancelSource.USER) -> None:
    """Give up a place; the next person on the waiting list moves up. Twice is once.

    The organisers' "take this person out" is the same with their `source`.
    """
    webinar = seats.hold(registration.webinar_id)
    reload(registration)
    if registration.state in GIVEN_UP:
        return
    _require_ahead(webinar)
    give_up(webinar, registration, source)


def give_up(webinar: Webinar, registration: Registration, source: CancelSource) -> None:
    """What was theirs is free: out of their calendar, and on with the list."""
    had_seat = registration.state in [*seats.TAKEN, RegistrationState.ON_HOLD]
    registration.state = RegistrationState.CANCELLED
    registration.cancel_source = source
    registration.cancelled_at = utcnow()
    registration.offered_at = registration.offered_until = None
    if source == CancelSource.ORGANISER:
        registration.approved_at = None
    db.session.flush()
    if had_seat:
        inviting.uninvite(registration)
        seats.promote(webinar)


def take_back(registration: Registration) -> None:
    """Undo one's own cancellation until the start: the seat if it is free, else the line's end."""
    webinar = seats.hold(registration.webinar_id)
    reload(registration)
    if registration.state != RegistrationState.CANCELLED:
        return
    _require_open(webinar)
    if webinar.starts_at is None or utcnow() >= webinar.starts_at:
        raise TooLateToTakeBack
    if stays_out(registration):
        raise TakenOutByOrganiser
    registration.queued_at = utcnow()
    place(webinar, registration)


def place(
    webinar: Webinar,
    registration: Registration,
    *,
    invited_at: datetime | None = None,
    is_told: bool = False,
) -> None:
    """A seat, a place on the list, or the organisers' decision first; each is mailed.

    `is_told`: the caller has a mail that says it. Invitations are mailed in any case.
    """
    if webinar.needs_approval and registration.approved_at is None:
        registration.state = RegistrationState.PENDING_APPROVAL
        registration.cancelled_at = registration.cancel_source = None
    else:
        seats.settle(webinar, registration, invited_at=invited_at)
    db.session.flush()
    job = WORDS_OF.get(registration.state)
    if job and not is_told:
        key = f"{registration.id}:{registration.queued_at.isoformat()}"
        enqueue(job, key, registration_id=registration.id)


WORDS_OF = {
    RegistrationState.WAITLISTED: "webinars.send_waitlisted",
    RegistrationState.PENDING_APPROVAL: "webinars.send_pending",
}


def hold_open(webinar_id: int) -> Webinar:
    """The webinar, locked. Raise RegistrationClosed when it is not to come."""
    held = seats.hold(webinar_id)
    _require_open(held)
    return held


def mail(job_name: str, registration: Registration) -> None:
    """At most one of a kind to one person within ten minutes, however often it is asked for."""
    now = utcnow()
    asked = f"{now:%Y%m%d%H}.{now.minute // SAME_MAIL_WITHIN_MINUTES}"
    key = f"{registration.id}:{asked}"
    enqueue(job_name, key, registration_id=registration.id, asked=asked)


def count_try(source: str) -> None:
    """Five an hour from one network address (spec/webinars 6.2)."""
    thing = f"source:{source}"
    since = utcnow() - timedelta(hours=1)
    tries = select(func.count()).select_from(AuditEntry)
    mine = tries.where(AuditEntry.thing == thing, AuditEntry.act == ASKED, AuditEntry.at > since)
    if (db.session.scalar(mine) or 0) >= TRIES_PER_HOUR:
        raise TooManyRegistrations
    record(None, ASKED, thing)


def _require_open(webinar: Webinar) -> None:
    if not is_coming(webinar, utcnow()):
        raise RegistrationClosed


def _require_ahead(webinar: Webinar) -> None:
    """It may still be held: at its hour, or at one that is not known yet."""
    if webinar.status != Status.POSTPONED:
        _require_open(webinar)


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
