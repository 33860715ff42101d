"""The mail that a recording is there."""

from __future__ import annotations

from email.message import EmailMessage

from app.core.i18n import speaking
from app.materials.telling import lines_after
from app.webinars.emails._unsubscribing import offer_to_stop, stop_url
from app.webinars.emails._words import plain
from app.webinars.models import Registration


def recording_there(registration: Registration) -> EmailMessage:
    """No calendar part: nothing of the webinar's hour changes."""
    with speaking(registration.language):
        lines = list(lines_after(registration))
    stop = stop_url("registrations", registration.token)
    message = plain("recording-there", registration, lines=lines, stop_url=stop)
    offer_to_stop(message, "registrations", registration.token)
    return message
