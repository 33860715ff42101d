"""Mails that bring a webinar back to mind."""

from __future__ import annotations

from email.message import EmailMessage

from app.core.i18n import speaking
from app.webinars.afterwards import MailLine, lines_for
from app.webinars.coming import has_come
from app.webinars.emails._unsubscribing import offer_to_stop, stop_url
from app.webinars.emails._words import plain
from app.webinars.mail_plan import Reminder
from app.webinars.models import Registration

WORDS = {Reminder.LATE: "webinar-started", Reminder.AFTER: "webinar-missed"}


def reminder(registration: Registration, kind: Reminder) -> EmailMessage:
    """No calendar part: a second REQUEST would ask for the answer again."""
    name = WORDS.get(kind, "webinar-reminder")
    if kind is Reminder.AFTER and has_come(registration):
        name = "webinar-thanks"
    stop = stop_url("registrations", registration.token)
    words = {"lines": _lines(registration)} if kind is Reminder.AFTER else {}
    message = plain(name, registration, kind=kind.value, stop_url=stop, **words)
    offer_to_stop(message, "registrations", registration.token)
    return message


def _lines(registration: Registration) -> list[MailLine]:
    with speaking(registration.language):
        return lines_for(registration)
