"""Mails that follow from registering, changing and cancelling. Each is safe to do twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import Gone, job
from app.core.outbox import post_mail
from app.webinars import emails, inviting, registering, reminding, seats
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_over
from app.webinars.reminding import Reminder


@job("webinars.tell_change")
def tell_change(webinar_id: int, sequence: int, before: dict[str, str]) -> None:
    inviting.ask_everybody_again(_webinar(webinar_id), sequence, before)


@job("webinars.tell_cancelled")
def tell_cancelled(webinar_id: int) -> None:
    inviting.cancel_everybody(_webinar(webinar_id))


@job("webinars.send_request")
def send_request(
    registration_id: int, before: dict[str, str] | None = None, was_waiting: bool = False
) -> None:
    """The invitation, or the update of somebody who was invited. Nothing when it is no news."""
    registration, webinar = _held(registration_id)
    if not _is_coming(registration, webinar) or inviting.is_told(registration, webinar):
        return
    sequence = inviting.next_sequence(registration, webinar)
    if registration.ics_last_method == "REQUEST":
        message = emails.update(registration, sequence, before or {})
    else:
        message = emails.invitation(
            registration,
            sequence,
            was_waiting=was_waiting,
            is_short_notice=was_waiting and _is_soon(webinar),
        )
    _post_calendar_mail(message, registration, "REQUEST", sequence)


@job("webinars.send_cancel")
def send_cancel(registration_id: int) -> None:
    """Take it out of the calendar of one person who withdrew, or of each when it is not held."""
    registration, webinar = _held(registration_id)
    whole = webinar.status == Status.CANCELLED
    if not whole and registration.state != RegistrationState.CANCELLED:
        return
    if registration.ics_last_method != "REQUEST":
        if whole and registration.ics_last_method is None:
            _post_once(emails.not_held, registration, "not_held")
        return
    if is_over(webinar, utcnow()):
        return
    sequence = inviting.next_sequence(registration, webinar)
    compose = emails.cancellation if whole else emails.withdrawal
    _post_calendar_mail(compose(registration, sequence), registration, "CANCEL", sequence)


@job("webinars.send_not_held")
def send_not_held(registration_id: int) -> None:
    registration, webinar = _held(registration_id)
    if webinar.status == Status.CANCELLED:
        _post_once(emails.not_held, registration, "not_held")


@job("webinars.send_confirm_link")
def send_confirm_link(registration_id: int, asked: str) -> None:
    registration, webinar = _held(registration_id)
    if registration.state == RegistrationState.PENDING_EMAIL and not is_over(webinar, utcnow()):
        _post_once(emails.confirm_address, registration, f"confirm:{asked}")


@job("webinars.send_own_link")
def send_own_link(registration_id: int, asked: str) -> None:
    registration, webinar = _held(registration_id)
    if registration.state in registering.PLACED and not is_over(webinar, utcnow()):
        _post_once(emails.own_link, registration, f"own_link:{asked}")


@job("webinars.send_waitlisted")
def send_waitlisted(registration_id: int) -> None:
    registration, _ = _held(registration_id)
    if registration.state == RegistrationState.WAITLISTED:
        fact = f"waitlisted:{registration.queued_at.isoformat()}"
        _post_once(emails.waitlisted, registration, fact)


@job("webinars.send_reminder")
def send_reminder(registration_id: int, kind: str, starts_at: str) -> None:
    registration, _ = _held(registration_id)
    start = datetime.fromisoformat(starts_at)
    if reminding.still_wanted(registration, Reminder(kind), start):
        message = emails.reminder(registration, kind)
        key = f"webinars.reminder:{registration.id}:{kind}:{starts_at}"
        post_mail(message, registration.email, key)


@job("webinars.expire")
def expire(registration_id: int, queued_at: str) -> None:
    registration, _ = _held(registration_id)
    registering.expire(registration, datetime.fromisoformat(queued_at))


def _webinar(webinar_id: int) -> Webinar:
    try:
        return seats.hold(webinar_id)
    except NoResultFound as nothing:
        raise Gone from nothing


def _held(registration_id: int) -> tuple[Registration, Webinar]:
    """The registration and its webinar, locked in the order that everybody locks them."""
    mine = select(Registration).where(Registration.id == registration_id)
    registration = db.session.scalars(mine).one_or_none()
    if registration is None:
        raise Gone
    webinar = seats.hold(registration.webinar_id)
    return db.session.scalars(locked(mine)).one(), webinar


def _is_coming(registration: Registration, webinar: Webinar) -> bool:
    return (
        registration.state == RegistrationState.CONFIRMED
        and webinar.status == Status.PUBLISHED
        and not is_over(webinar, utcnow())
    )


def _is_soon(webinar: Webinar) -> bool:
    return webinar.starts_at is not None and webinar.starts_at - utcnow() < seats.SHORT_NOTICE


def _post_calendar_mail(
    message: EmailMessage, registration: Registration, method: str, sequence: int
) -> None:
    key = f"webinars.{method.lower()}:{registration.id}:{sequence}"
    post_mail(message, registration.email, key)
    inviting.note_sent(registration, method, sequence)


def _post_once(
    compose: Callable[[Registration], EmailMessage], registration: Registration, fact: str
) -> None:
    post_mail(compose(registration), registration.email, f"webinars.{fact}:{registration.id}")
