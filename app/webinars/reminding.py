"""Reminders a day and an hour before (spec/webinars 6.3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.zones import to_local, to_utc
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar


class Reminder(StrEnum):
    DAY = "day"
    HOUR = "hour"


QUIET_AFTER_MAIL = timedelta(hours=3)


def plan(webinar: Webinar) -> None:
    """Queue the reminders of everybody with a seat. Call it again when the start moved."""
    seated = select(Registration).where(
        Registration.webinar_id == webinar.id, Registration.state == RegistrationState.CONFIRMED
    )
    for registration in db.session.scalars(seated):
        plan_for(registration, webinar)


def plan_for(registration: Registration, webinar: Webinar) -> None:
    """Queue one person's reminders that are still ahead; twice is once."""
    if webinar.starts_at is None:
        return
    for kind in Reminder:
        due_at = due(kind, webinar.starts_at, registration.timezone)
        if due_at > utcnow():
            enqueue(
                "webinars.send_reminder",
                f"{registration.id}:{kind}:{webinar.starts_at.isoformat()}",
                run_at=due_at,
                registration_id=registration.id,
                kind=kind.value,
                starts_at=webinar.starts_at.isoformat(),
            )


def due(kind: Reminder, starts_at: datetime, tzid: str) -> datetime:
    """An hour before the start, or nine in the morning of the day before where the person is."""
    if kind is Reminder.HOUR:
        return starts_at - timedelta(hours=1)
    local = to_local(starts_at, tzid)
    nine = local.replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    return to_utc(nine - timedelta(days=1), tzid)


def still_wanted(registration: Registration, kind: Reminder, starts_at: datetime) -> bool:
    """Whether a reminder planned for this start is still right to send now."""
    webinar = registration.webinar
    return (
        webinar.status == Status.PUBLISHED
        and webinar.starts_at == starts_at
        and registration.state == RegistrationState.CONFIRMED
        and not _too_late(kind, starts_at)
        and not _just_mailed(registration)
    )


def _too_late(kind: Reminder, starts_at: datetime) -> bool:
    left = starts_at - utcnow()
    return left < (timedelta(minutes=30) if kind is Reminder.HOUR else timedelta(hours=3))


def _just_mailed(registration: Registration) -> bool:
    sent_at = registration.ics_last_sent_at
    return sent_at is not None and utcnow() - sent_at < QUIET_AFTER_MAIL
