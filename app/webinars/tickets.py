"""The ticket on the webinar page: register, or what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.accounts.models import User
from app.core.clock import utcnow
from app.webinars.attending import counts_by_state, registration_of
from app.webinars.enums import Phase, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.phases import is_over, phase
from app.webinars.seats import TAKEN, place_in_line


class TicketState(StrEnum):
    OPEN = "open"
    REGISTERED = "registered"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    PAST = "past"
    DRAFT = "draft"


@dataclass(frozen=True)
class Ticket:
    """`free_count` None: no limit. `place` is the place on the waiting list, 0 when not on it."""

    webinar: Webinar
    state: TicketState
    registration: Registration | None
    is_member: bool
    coming_count: int
    waiting_count: int
    free_count: int | None
    place: int
    is_open_to_join: bool

    @property
    def is_full(self) -> bool:
        return self.free_count == 0 or self.waiting_count > 0


def ticket_for(viewer: User | None, webinar: Webinar) -> Ticket:
    """What the ticket shows this viewer. A person without an approved account is a guest."""
    registration = registration_of(viewer, webinar)
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
        place=place_in_line(registration)
        if registration and state is TicketState.WAITLISTED
        else 0,
        is_open_to_join=phase(webinar, utcnow()) in {Phase.LOBBY, Phase.LIVE, Phase.OVERRUN},
    )


def registers_at_once(viewer: User | None) -> bool:
    """Members' addresses are known; everybody else confirms theirs by mail."""
    return viewer is not None and viewer.is_approved


def _state(webinar: Webinar, registration: Registration | None) -> TicketState:
    if webinar.status == Status.CANCELLED:
        return TicketState.CANCELLED
    if is_over(webinar, utcnow()):
        return TicketState.PAST
    if webinar.status != Status.PUBLISHED:
        return TicketState.DRAFT
    by_state = {
        RegistrationState.CONFIRMED: TicketState.REGISTERED,
        RegistrationState.WAITLISTED: TicketState.WAITLISTED,
    }
    return by_state.get(registration.state, TicketState.OPEN) if registration else TicketState.OPEN
