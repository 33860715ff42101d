"""Mails to organisers about drafts."""

from __future__ import annotations

from email.message import EmailMessage

from app.accounts.emails import recipient
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.email import compose
from app.core.i18n import speaking
from app.webinars.entries import page_url
from app.webinars.models import Webinar
from app.webinars.preflight import checks


def not_published(webinar: Webinar, person: User) -> EmailMessage:
    """What stood in the way when it was to be published by itself, in the person's language."""
    to = recipient(person)
    with speaking(to.locale):
        missing = [
            check.text
            for check in checks(webinar, utcnow())
            if check.is_needed and not check.is_done
        ]
    return compose(
        "webinar-not-published", to, webinar=webinar, missing=missing, page_url=page_url(webinar)
    )
