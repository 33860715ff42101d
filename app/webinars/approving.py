"""Organisers decide who comes (spec/webinars 6.2). Whoever waits for it holds no seat."""

from __future__ import annotations

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.jobs import enqueue
from app.webinars.enums import RegistrationState
from app.webinars.errors import NotAskedForApproval
from app.webinars.models import Registration
from app.webinars.participants import reload
from app.webinars.registering import hold_open, place

TO_DECIDE = {RegistrationState.PENDING_APPROVAL, RegistrationState.REJECTED}


def approve(registration: Registration, actor: User) -> None:
    """Let the person come: a seat, or a place on the list when all are taken. Twice is once.

    Also after a refusal. The place on the list is that of the day on which they asked.
    """
    webinar = hold_open(registration.webinar_id)
    reload(registration)
    if registration.approved_at is not None:
        return
    if registration.state not in TO_DECIDE:
        raise NotAskedForApproval
    registration.approved_at, registration.approved_by_id = utcnow(), actor.id
    registration.reject_reason = ""
    place(webinar, registration)
    record(actor.id, "webinars.approve", f"registration:{registration.id}")


def reject(registration: Registration, actor: User, reason: str) -> None:
    """Say no, with a reason if there is one, and tell the person. Twice is once."""
    hold_open(registration.webinar_id)
    reload(registration)
    if registration.state == RegistrationState.REJECTED:
        return
    if registration.state != RegistrationState.PENDING_APPROVAL:
        raise NotAskedForApproval
    registration.state = RegistrationState.REJECTED
    registration.reject_reason = reason.strip()
    key = f"{registration.id}:{registration.queued_at.isoformat()}"
    enqueue("webinars.send_rejected", key, registration_id=registration.id)
    record(actor.id, "webinars.reject", f"registration:{registration.id}", reason=reason)
