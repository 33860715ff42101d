"""The checks before a webinar is published (spec/webinars 6.1, spec/ideas-webinars 13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.i18n import _
from app.webinars.access_card import unanswered
from app.webinars.agenda import minutes_in_all
from app.webinars.errors import NotReady
from app.webinars.lint import faults
from app.webinars.models import Webinar
from app.webinars.samples import sample_invitation
from app.webinars.times import NOTICE


@dataclass(frozen=True)
class Check:
    """One line of the checklist. What is not `is_needed` is advice."""

    text: str
    is_done: bool
    is_needed: bool = True


def checks(webinar: Webinar, now: datetime, *, has_room: bool | None = None) -> list[Check]:
    """`has_room`: what the domain of rooms knows; without it, whether an address is saved."""
    return [
        Check(_("It has a title."), bool(webinar.title)),
        Check(_("The description says in a sentence what it is about."), bool(webinar.description)),
        Check(_("It starts at least one hour from now."), _is_ahead(webinar, now)),
        Check(_("Somebody organises it."), bool(webinar.organisers)),
        *_invitation_checks(webinar),
        Check(
            _("The address of the room is saved."),
            bool(webinar.room_url) if has_room is None else has_room,
            is_needed=False,
        ),
        Check(_("The programme is written."), bool(webinar.agenda), is_needed=False),
        Check(_("The programme fits into the time."), _fits(webinar), is_needed=False),
        Check(
            _("Captions, sign language and interpretation are answered with yes or no."),
            not unanswered(webinar),
            is_needed=False,
        ),
    ]


def require_ready(webinar: Webinar, now: datetime) -> None:
    """Raise NotReady with the first needed point that is open."""
    for check in checks(webinar, now):
        if check.is_needed and not check.is_done:
            raise NotReady(_("Not published yet. Still to do: %(point)s", point=check.text))


def _invitation_checks(webinar: Webinar) -> list[Check]:
    """The invitation as it would be sent, read by the rules of the calendar programs."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return []
    found = faults(sample_invitation(webinar), "REQUEST")
    if not found:
        return [Check(_("Outlook, Google, Apple and Thunderbird can read the invitation."), True)]
    return [Check(fault, False) for fault in found]


def _is_ahead(webinar: Webinar, now: datetime) -> bool:
    return webinar.starts_at is not None and webinar.starts_at >= now + NOTICE


def _fits(webinar: Webinar) -> bool:
    if webinar.starts_at is None or webinar.ends_at is None:
        return True
    minutes = (webinar.ends_at - webinar.starts_at).total_seconds() / 60
    return minutes_in_all(webinar) <= minutes
