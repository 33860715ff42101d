"""The mail that a summary is there."""

from __future__ import annotations

from email.message import EmailMessage

from app.core.links import absolute_url
from app.notes.catching_up import CatchUp
from app.webinars.coming import has_come
from app.webinars.emails._unsubscribing import offer_to_stop, stop_url
from app.webinars.emails._words import plain
from app.webinars.models import Registration


def catch_up(registration: Registration, found: CatchUp) -> EmailMessage:
    """The same page for whoever came and whoever did not; only its first words differ."""
    message = plain(
        "webinar-catch-up",
        registration,
        found=found,
        came=has_come(registration),
        read_url=absolute_url("catch_ups.show", token=registration.token),
        stop_url=stop_url("registrations", registration.token),
    )
    offer_to_stop(message, "registrations", registration.token)
    return message
