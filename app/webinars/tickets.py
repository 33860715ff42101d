"""The ticket on the webinar page: register, or what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import keeping
from app.webinars.asking import questions_at
from app.webinars.attending import counts_by_state, registration_of
from app.webinars.consenting import is_recording_asked
from app.webinars.enums import CancelSource, Phase, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_over, phase
from app.webinars.seats import TAKEN, place_in_line
from app.webinars.session_registering import sessions_to_come
from app.webinars.timetable import zone_of


class TicketState(StrEnum):
    """What the ticket says. `open`: the reader may register."""

    OPEN = "open"
    UNCONFIRMED = "unconfirmed"  # the address is not
    PENDING_APPROVAL = "pending_approval"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"  # by an organiser
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    PAST = "past"
    DRAFT = "draft"


WITH_FORM = {TicketState.OPEN, TicketState.UNCONFIRMED}
OF_REGISTRATION = {
    RegistrationState.PENDING_EMAIL: TicketState.UNCONFIRMED,
    RegistrationState.PENDING_APPROVAL: TicketState.PENDING_APPROVAL,
    RegistrationState.CONFIRMED: TicketState.REGISTERED,
    RegistrationState.ON_HOLD: TicketState.REGISTERED,
    RegistrationState.WAITLISTED: TicketState.WAITLISTED,
    RegistrationState.OFFERED: TicketState.OFFERED,
    RegistrationState.REJECTED: TicketState.REJECTED,
    RegistrationState.CANCELLED: TicketState.WITHDRAWN,
}


@dataclass(frozen=True)
class Ticket:
    """`free_count` None: no limit; `kept_count` of them are for cities. `place` is the place on
    the waiting list, 0 when not on it.

    `questions`, whether to ask about the recording and how many sessions there are to register
    for at once are told only where the form is shown.
    """

    webinar: Webinar
    state: TicketState
    registration: Registration | None
    is_member: bool
    coming_count: int
    waiting_count: int
    free_count: int | None
    kept_count: int
    place: int
    is_open_to_join: bool
    tzid: str
    questions: Sequence[Any] = ()
    asks_recording: bool = False
    session_count: int = 0

    @property
    def is_full(self) -> bool:
        return self.free_count == 0 or (self.waiting_count > 0 and not self.kept_count)

    @property
    def open_count(self) -> int:
        """Free seats for anybody."""
        return 0 if self.waiting_count else (self.free_count or 0) - self.kept_count

    @property
    def kept_until(self) -> datetime | None:
        return keeping.ends_at(self.webinar)


def ticket_for(
    viewer: User | None, webinar: Webinar, *, asks: bool = True, has_place: bool = True
) -> Ticket:
    """What the ticket shows this viewer. A person without an approved account is a guest.

    `asks` is False where the caller knows that the organisers have no questions of their own,
    `has_place` where it knows that this viewer never registered.
    """
    registration = registration_of(viewer, webinar) if has_place else None
    counts = counts_by_state(webinar)
    taken = sum(counts.get(state, 0) for state in TAKEN)
    state = _state(webinar, registration)
    return Ticket(
        webinar=webinar,
        state=state,
        registration=registration,
        is_member=registers_at_once(viewer),
        coming_count=counts.get(RegistrationState.CONFIRMED, 0),
        waiting_count=counts.get(RegistrationState.WAITLISTED, 0),
        free_count=None if webinar.capacity is None else max(0, webinar.capacity - taken),
        kept_count=keeping.kept_count(webinar),
        place=place_in_line(registration)
        if registration and state is TicketState.WAITLISTED
        else 0,
        is_open_to_join=phase(webinar, utcnow()) in {Phase.LOBBY, Phase.LIVE, Phase.OVERRUN},
        tzid=zone_of(viewer),
        **_asked(viewer, webinar, asks) if state in WITH_FORM else {},
    )


def registers_at_once(viewer: User | None) -> bool:
    """Members' addresses are known; everybody else confirms theirs by mail."""
    return viewer is not None and viewer.is_approved


def _asked(viewer: User | None, webinar: Webinar, asks: bool) -> dict[str, Any]:
    return {
        "questions": db.session.scalars(questions_at(webinar.id)).all() if asks else (),
        "asks_recording": is_recording_asked(webinar),
        "session_count": _session_count(viewer, webinar),
    }


def _session_count(viewer: User | None, webinar: Webinar) -> int:
    """How many sessions the viewer can register for at once; 0 when this one has begun."""
    if webinar.series_id is None:
        return 0
    coming = sessions_to_come(webinar.series_id, viewer).with_only_columns(Webinar.id)
    ids = db.session.scalars(coming).all()
    return len(ids) if webinar.id in ids else 0


def _state(webinar: Webinar, registration: Registration | None) -> TicketState:
    if webinar.status == Status.CANCELLED:
        return TicketState.CANCELLED
    if webinar.status == Status.POSTPONED:
        return TicketState.POSTPONED
    if is_over(webinar, utcnow()):
        return TicketState.PAST
    if webinar.status != Status.PUBLISHED:
        return TicketState.DRAFT
    if registration is None:
        return TicketState.OPEN
    if registration.cancel_source == CancelSource.ORGANISER and _is_off(registration):
        return TicketState.REMOVED
    return OF_REGISTRATION.get(registration.state, TicketState.OPEN)


def _is_off(registration: Registration) -> bool:
    return registration.state == RegistrationState.CANCELLED
