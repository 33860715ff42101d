"""States in words."""

from __future__ import annotations

from app.core.i18n import lazy_
from app.webinars.enums import RegistrationState

STATES = {
    RegistrationState.PENDING_EMAIL: lazy_("Address not confirmed"),
    RegistrationState.PENDING_APPROVAL: lazy_("Waits for approval"),
    RegistrationState.CONFIRMED: lazy_("Has a seat"),
    RegistrationState.WAITLISTED: lazy_("On the waiting list"),
    RegistrationState.OFFERED: lazy_("Has an offer"),
    RegistrationState.REJECTED: lazy_("Not admitted"),
    RegistrationState.CANCELLED: lazy_("Has cancelled"),
    RegistrationState.EXPIRED: lazy_("Did not confirm in time"),
    RegistrationState.ON_HOLD: lazy_("On hold"),
}


def state_words(state: RegistrationState) -> str:
    return str(STATES[state])
