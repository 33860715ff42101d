"""Mails about what organisers did to one registration."""

from __future__ import annotations

from email.message import EmailMessage

from app.webinars.emails._words import plain
from app.webinars.models import Registration


def taken_out(registration: Registration) -> EmailMessage:
    """The organisers' words, to a person with nothing in the calendar."""
    return plain("webinar-taken-out", registration)
