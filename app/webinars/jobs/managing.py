"""Telling people what organisers did to their registration. Safe to do twice."""

from __future__ import annotations

from app.core.jobs import job
from app.webinars.emails import managing
from app.webinars.enums import CancelSource, RegistrationState
from app.webinars.jobs._posting import held, post_once


@job("webinars.send_taken_out")
def send_taken_out(registration_id: int) -> None:
    """To whoever has nothing in the calendar: the others hear it with what leaves it."""
    registration, _webinar = held(registration_id)
    ended_at = registration.cancelled_at
    is_out = registration.cancel_source == CancelSource.ORGANISER
    if registration.state == RegistrationState.CANCELLED and is_out and ended_at is not None:
        post_once(managing.taken_out(registration), registration, f"out:{ended_at.isoformat()}")
