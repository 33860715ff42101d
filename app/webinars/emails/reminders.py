"""Mails that bring a webinar back to mind."""

from __future__ import annotations

from email.message import EmailMessage

from app.webinars.emails._words import plain
from app.webinars.models import Registration


def reminder(registration: Registration, kind: str) -> EmailMessage:
    """No calendar part: a second REQUEST would ask for the answer again."""
    return plain("webinar-reminder", registration, kind=kind)
