"""What an invitation will look like, before anybody is invited."""

from __future__ import annotations

from dataclasses import replace

from app.core import inbound
from app.core.clock import utcnow
from app.core.i18n import _
from app.webinars import itip
from app.webinars.entries import entry_of
from app.webinars.models import Webinar

NOBODY = itip.Party("Sample", "sample@example.org")


def sample_entry(webinar: Webinar) -> itip.Entry:
    """The entry under a UID of its own: nothing that is sent later changes it."""
    entry = entry_of(webinar, sequence=webinar.sequence, stamp=utcnow())
    return replace(
        entry,
        uid=f"sample-{webinar.uid}",
        summary=_("Sample: %(title)s", title=webinar.title),
    )


def sample_invitation(webinar: Webinar, to: itip.Party = NOBODY) -> bytes:
    """A REQUEST built as the real ones are. Raise ValueError when the hour is not known."""
    organizer = itip.Party("Interurban", inbound.sender())
    return itip.request(sample_entry(webinar), to, organizer)
