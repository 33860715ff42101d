"""What the mail after a webinar says of certificates."""

from __future__ import annotations

from collections.abc import Iterator

from app.certificates.issuing import standing_of
from app.core.i18n import _
from app.core.links import absolute_url
from app.webinars.afterwards import MailLine
from app.webinars.models import Registration


def lines_after(registration: Registration) -> Iterator[MailLine]:
    """To whoever is entitled by then; others find on the page why they are not."""
    if standing_of(registration).is_entitled:
        place = {"webinar_id": registration.webinar_id, "t": registration.token}
        address = absolute_url("certificates.show", **place)
        yield MailLine(_("Get your certificate of attendance"), address)
