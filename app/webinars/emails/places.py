"""Mails about a place that nothing in a calendar stands for yet."""

from __future__ import annotations

from email.message import EmailMessage

from app.core.links import absolute_url
from app.core.tokens import sign
from app.webinars.emails._words import plain
from app.webinars.models import Registration
from app.webinars.seats import place_in_line

CONFIRM = "webinars.confirm_address"


def not_held(registration: Registration) -> EmailMessage:
    """The webinar will not be held, to a person with nothing in the calendar."""
    return plain("webinar-cancelled", registration)


def postponed(registration: Registration) -> EmailMessage:
    """The webinar has no date for now, to a person with nothing in the calendar."""
    return plain("webinar-postponed", registration)


def confirm_address(registration: Registration) -> EmailMessage:
    """Ask a guest whether the address is theirs."""
    token = sign(CONFIRM, registration.id)
    link = absolute_url("registrations.confirm", token=token)
    return plain("webinar-confirm", registration, confirm_url=link)


def own_link(registration: Registration) -> EmailMessage:
    """The personal link again, to somebody who has a place."""
    return plain("webinar-own-link", registration)


def waitlisted(registration: Registration) -> EmailMessage:
    return plain("webinar-waitlisted", registration, place=place_in_line(registration))
