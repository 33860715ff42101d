"""The invitation as a sample, to an organiser who wants to see it first."""

from __future__ import annotations

from email.message import EmailMessage

from app.accounts.models import User
from app.core.email import Recipient, attach_calendar, compose
from app.core.i18n import speaking
from app.webinars import itip
from app.webinars.entries import page_url
from app.webinars.hours import elsewhere, when
from app.webinars.models import Webinar
from app.webinars.samples import sample_invitation


def sample(webinar: Webinar, person: User) -> EmailMessage:
    """Raise ValueError for a webinar whose hour is not known."""
    if webinar.starts_at is None or webinar.ends_at is None:
        raise ValueError(f"webinar {webinar.id} has no hour")
    to = Recipient(
        person.email, person.display_name, person.locale or webinar.language, person.timezone
    )
    with speaking(to.locale):
        hours = {
            "when": when(webinar.starts_at, webinar.ends_at, to.timezone),
            "elsewhere": elsewhere(webinar.starts_at, to.timezone),
        }
        ics = sample_invitation(webinar, itip.Party(person.display_name, person.email))
    message = compose("webinar-sample", to, webinar=webinar, page_url=page_url(webinar), **hours)
    attach_calendar(message, ics, "REQUEST")
    return message
