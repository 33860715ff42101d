"""People at webinars, and the mails they got, for many tests."""

from __future__ import annotations

import email
import email.policy
import itertools
import secrets
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.outbox import OutboxMail
from app.core.worker import run_due_jobs
from app.webinars import registering
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers, Person

_numbers = itertools.count(1)


def guest(address: str | None = None, **changes: Any) -> Person:
    values = {
        "email": address or f"guest{next(_numbers)}@demo.invalid",
        "name": "Housing officer",
        "language": "en",
        "timezone": "Europe/Brussels",
        "city_label": "York",
    }
    return Person(**(values | changes))


def make_registration(webinar: Webinar, **changes: Any) -> Registration:
    """A row as it is, without any mail."""
    now = utcnow()
    values = {
        "webinar_id": webinar.id,
        "email": f"row{next(_numbers)}@demo.invalid",
        "name": "Housing officer",
        "language": "en",
        "timezone": "Europe/Brussels",
        "state": RegistrationState.CONFIRMED,
        "token": secrets.token_urlsafe(24),
        "created_at": now,
        "queued_at": now,
        "confirmed_at": now,
    }
    with write() as session:
        row = Registration(**(values | changes))
        session.add(row)
    db.session.refresh(row)
    return row


def register(webinar: Webinar, person: Person | User | None = None) -> Registration:
    """Somebody with a known address registers."""
    with write():
        who = registering.person_of(person, "en") if isinstance(person, User) else person
        row = registering.register(webinar, who or guest(), Answers())
    db.session.refresh(row)
    return row


def withdraw(registration: Registration) -> None:
    with write():
        registering.withdraw(registration)


def work() -> None:
    """Do all jobs that are due; a bug in one fails the test."""
    run_due_jobs(raising=True)


def mails_to(address: str) -> list[EmailMessage]:
    rows = select(OutboxMail).where(OutboxMail.recipient == address).order_by(OutboxMail.id)
    return [read(row.content) for row in db.session.scalars(rows)]


def all_mails() -> list[bytes]:
    return list(db.session.scalars(select(OutboxMail.content).order_by(OutboxMail.id)))


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def calendar_part(message: EmailMessage) -> EmailMessage:
    """The text/calendar alternative."""
    (part,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert isinstance(part, EmailMessage)
    return part


def ics_of(message: EmailMessage) -> bytes:
    return bytes(calendar_part(message).get_payload(decode=True))


def event_of(message: EmailMessage) -> Any:
    """Whoever asks knows the kind of each property."""
    (event,) = Calendar.from_ical(ics_of(message)).events
    return event


def methods_and_sequences(address: str) -> list[tuple[str, int]]:
    """What this person's calendar was told, mail by mail."""
    told = []
    for message in mails_to(address):
        if "text/calendar" in [part.get_content_type() for part in message.walk()]:
            calendar = Calendar.from_ical(ics_of(message))
            told.append((str(calendar["METHOD"]), int(str(calendar.events[0]["SEQUENCE"]))))
    return told


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def at(read_as: str) -> datetime:
    """A moment from its ISO form."""
    return datetime.fromisoformat(read_as)
