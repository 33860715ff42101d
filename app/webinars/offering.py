"""What becomes of an offered seat (spec/webinars 6.2, waiting list in mode "offer")."""

from __future__ import annotations

from datetime import datetime

from app.core.clock import utcnow
from app.webinars import seats
from app.webinars.enums import CancelSource, RegistrationState
from app.webinars.errors import OfferOver
from app.webinars.models import Registration
from app.webinars.participants import reload
from app.webinars.registering import give_up, hold_open


def accept(registration: Registration) -> None:
    """Take the seat. Twice is once. Raise OfferOver when it was not in time."""
    webinar = hold_open(registration.webinar_id)
    reload(registration)
    if registration.state == RegistrationState.CONFIRMED:
        return
    if not is_open(registration):
        raise OfferOver
    seats.confirm(webinar, registration)


def decline(registration: Registration) -> None:
    """Leave the seat to the next person. Twice is once."""
    webinar = hold_open(registration.webinar_id)
    reload(registration)
    if registration.state == RegistrationState.OFFERED:
        give_up(webinar, registration, CancelSource.USER)


def expire(registration: Registration, offered_at: datetime) -> None:
    """Nobody answered in time: on to the next person. An offer made since stays."""
    webinar = seats.hold(registration.webinar_id)
    reload(registration)
    if registration.state != RegistrationState.OFFERED or registration.offered_at != offered_at:
        return
    if not is_open(registration):
        registration.state = RegistrationState.EXPIRED
        seats.promote(webinar)


def is_open(registration: Registration) -> bool:
    until = registration.offered_until
    is_offered = registration.state == RegistrationState.OFFERED
    return is_offered and until is not None and utcnow() < until
