"""What the mail after a webinar says of its feedback."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.i18n import _
from app.core.links import absolute_url
from app.feedback.asking import survey_open
from app.webinars.afterwards import MailLine
from app.webinars.coming import has_come
from app.webinars.models import Registration


def lines_after(registration: Registration) -> Iterator[MailLine]:
    """To whoever came and has not answered yet."""
    if not has_come(registration) or registration.gave_feedback:
        return
    if survey_open(registration.webinar):
        address = absolute_url(
            "feedback.show", webinar_id=registration.webinar_id, t=registration.token
        )
        yield MailLine(_("Say in two minutes how it was, without your name"), address)
