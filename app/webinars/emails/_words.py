"""What every mail about a webinar says: its hours and addresses, in the person's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from app.core.clock import utcnow
from app.core.email import Recipient, compose
from app.core.i18n import speaking
from app.core.links import absolute_url
from app.webinars.clock_zones import zones_of
from app.webinars.entries import join_url, page_url
from app.webinars.hours import ACROSS_EUROPE, elsewhere, when
from app.webinars.models import Registration
from app.webinars.transferring import can_pass_on


def plain(name: str, registration: Registration, **words: Any) -> EmailMessage:
    webinar = registration.webinar
    to = Recipient(
        registration.email, registration.name, registration.language, registration.timezone
    )
    with speaking(to.locale):
        hours = hours_of(webinar.starts_at, webinar.ends_at, to.timezone, zones_of(webinar))
    return compose(
        name,
        to,
        webinar=webinar,
        registration=registration,
        page_url=page_url(webinar),
        join_url=f"{join_url(webinar)}?t={registration.token}",
        own_url=absolute_url("registrations.show", token=registration.token),
        cancel_url=absolute_url("registrations.withdraw", token=registration.token),
        colleague_url=_colleague_url(registration),
        **hours,
        **words,
    )


def _colleague_url(registration: Registration) -> str:
    """Where the seat is passed on; empty where it cannot be."""
    if not can_pass_on(registration):
        return ""
    return absolute_url("transfers.new", token=registration.token)


def hours_of(
    starts_at: datetime | None,
    ends_at: datetime | None,
    tzid: str,
    zones: Iterable[str] = ACROSS_EUROPE,
) -> dict[str, str]:
    """In the running language, for a person in this zone; empty when nobody knows the hour.

    `zones` are those of the people who take part.
    """
    if starts_at is None or ends_at is None:
        return {"when": "", "elsewhere": ""}
    clocks = elsewhere(starts_at, tzid, zones, since=utcnow())
    return {"when": when(starts_at, ends_at, tzid), "elsewhere": clocks}
