"""What the mail after a webinar says of certificates."""

from __future__ import annotations

from collections.abc import Iterator

from app.attendance.presence import was_there
from app.certificates.issuing import Claim, standing_of
from app.core.i18n import _
from app.core.links import absolute_url
from app.webinars.afterwards import MailLine
from app.webinars.models import Registration


def lines_after(registration: Registration) -> Iterator[MailLine]:
    """To whoever came and is entitled, or will be once organisers confirm the click."""
    claim = standing_of(registration).claim
    place = {"webinar_id": registration.webinar_id, "t": registration.token}
    if claim is Claim.ENTITLED:
        words = _("Get your certificate of attendance")
    elif claim is Claim.ONLY_CLICKED and was_there(registration):
        words = _("Get your certificate, once the organisers have confirmed who was there")
    else:
        return
    yield MailLine(words, absolute_url("certificates.show", **place))
