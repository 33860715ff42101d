"""What the jobs of webinars share: rows held in one order, mails posted once."""

from __future__ import annotations

from email.message import EmailMessage

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import Gone
from app.core.outbox import post_mail, was_posted
from app.webinars import inviting, seats
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import SeatTransfer


def webinar_held(webinar_id: int) -> Webinar:
    """The webinar, locked. Raise Gone when it is no more."""
    try:
        return seats.hold(webinar_id)
    except NoResultFound as nothing:
        raise Gone from nothing


def held(registration_id: int) -> tuple[Registration, Webinar]:
    """The registration and its webinar, locked in the order that everybody locks them."""
    mine = select(Registration).where(Registration.id == registration_id)
    registration = db.session.scalars(mine).one_or_none()
    if registration is None:
        raise Gone
    webinar = seats.hold(registration.webinar_id)
    return db.session.scalars(locked(mine)).one(), webinar


def transfer_held(transfer_id: int) -> tuple[SeatTransfer, Registration]:
    """A seat that is passed on, and whose it is; the webinar is locked."""
    transfer = db.session.get(SeatTransfer, transfer_id)
    if transfer is None:
        raise Gone
    return transfer, held(transfer.registration_id)[0]


def post_once(message: EmailMessage, registration: Registration, fact: str) -> None:
    """Post a mail to the person, once for each `fact` (say "waitlisted:<moment>")."""
    post_mail(message, registration.email, _key(registration, fact))
    registration.last_mailed_at = utcnow()


def has_been_posted(registration: Registration, fact: str) -> bool:
    return was_posted(_key(registration, fact))


def _key(registration: Registration, fact: str) -> str:
    return f"webinars.{fact}:{registration.id}"


def not_held_fact(webinar: Webinar) -> str:
    """Each time it is called off, and no more."""
    return f"not_held:{webinar.cancelled_at.isoformat() if webinar.cancelled_at else ''}"


def post_calendar_mail(
    message: EmailMessage,
    registration: Registration,
    method: str,
    sequence: int,
    *,
    again: str = "",
) -> None:
    """Post a mail with a calendar part, once for each SEQUENCE and wish to have it `again`."""
    key = f"webinars.{method.lower()}:{registration.id}:{sequence}"
    key = f"{key}:{again}" if again else key
    post_mail(message, registration.email, key)
    inviting.note_sent(registration, method, sequence)
    registration.last_mailed_at = utcnow()
