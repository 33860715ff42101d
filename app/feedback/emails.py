"""Mail that asks for feedback."""

from __future__ import annotations

from email.message import EmailMessage

from app.core.links import absolute_url
from app.webinars.emails._unsubscribing import offer_to_stop, stop_url
from app.webinars.emails._words import plain
from app.webinars.models import Registration


def nudge(registration: Registration) -> EmailMessage:
    """The personal link opens the form; the answer itself carries no name."""
    message = plain(
        "feedback-nudge",
        registration,
        feedback_url=feedback_url(registration),
        stop_url=stop_url("registrations", registration.token),
    )
    offer_to_stop(message, "registrations", registration.token)
    return message


def feedback_url(registration: Registration) -> str:
    token = registration.token
    return absolute_url("feedback.show", webinar_id=registration.webinar_id, t=token)
