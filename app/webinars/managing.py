"""What organisers do for one registration: first in line, out, in again, the invitation again."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.webinars import approving, inviting, registering, seats
from app.webinars.enums import CancelSource, RegistrationState
from app.webinars.errors import NotOnTheList, NotTakenOut
from app.webinars.models import Registration, Webinar
from app.webinars.participants import reload

ENDED = {RegistrationState.CANCELLED, RegistrationState.EXPIRED, RegistrationState.REJECTED}


def approve_all(webinar: Webinar, actor: User) -> int:
    """Let everybody come who waits for it, in the order in which they asked; say how many."""
    held = registering.hold_open(webinar.id)
    waiting = db.session.scalars(_waiting_for_approval(held)).all()
    for registration in waiting:
        approving.approve(registration, actor)
    return len(waiting)


def put_first(registration: Registration, actor: User) -> None:
    """To the head of the waiting list, before all others who were put there. Twice is once."""
    webinar = registering.hold_open(registration.webinar_id)
    reload(registration)
    if registration.state != RegistrationState.WAITLISTED:
        raise NotOnTheList
    if seats.place_in_line(registration) > 1:
        registration.priority = _highest_priority(webinar) + 1
        db.session.flush()
        record(actor.id, "webinars.put_first", f"registration:{registration.id}")
    seats.promote(webinar)


def take_out(registration: Registration, actor: User, words: str) -> None:
    """End somebody's registration and tell them in these words. Twice is once."""
    seats.hold(registration.webinar_id)
    reload(registration)
    if registration.state in ENDED:
        return
    is_in_calendar = registration.ics_last_method == "REQUEST"
    registration.reject_reason = words.strip()
    registering.withdraw(registration, CancelSource.ORGANISER)
    record(actor.id, "webinars.take_out", f"registration:{registration.id}", words=words)
    if not is_in_calendar:
        key = f"{registration.id}:{utcnow().isoformat()}"
        enqueue("webinars.send_taken_out", key, registration_id=registration.id)


def let_in_again(registration: Registration, actor: User) -> None:
    """Undo `take_out`: a seat if one is free, else the end of the line. Twice is once."""
    webinar = registering.hold_open(registration.webinar_id)
    reload(registration)
    if registration.state != RegistrationState.CANCELLED:
        return
    if registration.cancel_source != CancelSource.ORGANISER:
        raise NotTakenOut
    registration.queued_at, registration.reject_reason = utcnow(), ""
    registration.approved_at, registration.approved_by_id = utcnow(), actor.id
    registering.place(webinar, registration)
    record(actor.id, "webinars.let_in_again", f"registration:{registration.id}")


def invite_again(registration: Registration) -> None:
    """The invitation, for somebody who cannot find it; at most once an hour."""
    registering.hold_open(registration.webinar_id)
    reload(registration)
    if registration.state == RegistrationState.CONFIRMED:
        inviting.invite_again(registration)


def _waiting_for_approval(webinar: Webinar) -> Select[Registration]:
    return (
        select(Registration)
        .where(
            Registration.webinar_id == webinar.id,
            Registration.state == RegistrationState.PENDING_APPROVAL,
        )
        .order_by(Registration.queued_at, Registration.id)
    )


def _highest_priority(webinar: Webinar) -> int:
    highest = select(func.max(Registration.priority)).where(
        Registration.webinar_id == webinar.id,
        Registration.state == RegistrationState.WAITLISTED,
    )
    return db.session.scalar(highest) or 0
