"""Who gets a certificate, and giving and taking it (spec/webinars 6.6)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from app.attendance.adding_up import span_of
from app.attendance.correcting import OPEN
from app.attendance.presence import HAVE_A_PLACE
from app.attendance.queries import mark_of
from app.certificates.errors import NotEntitled
from app.certificates.models import Certificate
from app.certificates.queries import (
    GROUP,
    GROUPS,
    LETTERS,
    in_groups,
    valid_certificate,
    valid_certificate_held,
)
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _, language
from app.core.jobs import enqueue
from app.webinars import seats
from app.webinars.exporting import city_of
from app.webinars.models import Registration, Webinar
from app.webinars.participants import reload
from app.webinars.phases import is_over

ABSENT, CORRECTED = "absent", "corrected"
"""Why a certificate was revoked, as `Certificate.revoke_reason` keeps it."""


class Claim(StrEnum):
    """Where somebody stands."""

    ENTITLED = "entitled"
    NO_PLACE = "no_place"
    NOT_OVER = "not_over"
    NOT_HELD = "not_held"
    NOTHING_KNOWN = "nothing_known"
    ONLY_CLICKED = "only_clicked"
    ABSENT = "absent"
    TOO_SHORT = "too_short"


@dataclass(frozen=True)
class Standing:
    """`minutes` is what a certificate would say: None where organisers ticked the person off."""

    claim: Claim
    minutes: int | None = None

    @property
    def is_entitled(self) -> bool:
        return self.claim is Claim.ENTITLED


def standing_of(registration: Registration) -> Standing:
    """Ticked as there, or there for half of the webinar's time."""
    webinar = registration.webinar
    if registration.state not in HAVE_A_PLACE:
        return Standing(Claim.NO_PLACE)
    if webinar.status not in OPEN:
        return Standing(Claim.NOT_HELD)
    if not is_over(webinar, utcnow()):
        return Standing(Claim.NOT_OVER)
    mark, minutes = mark_of(registration.id), registration.minutes_attended
    if mark is not None:
        long_enough = minutes if _is_enough(minutes, webinar) else None
        return Standing(Claim.ENTITLED, long_enough) if mark.was_there else Standing(Claim.ABSENT)
    if registration.attended is None or (registration.attended and minutes is None):
        return Standing(Claim.ONLY_CLICKED if registration.joined_at else Claim.NOTHING_KNOWN)
    if not registration.attended:
        return Standing(Claim.ABSENT)
    return Standing(Claim.ENTITLED if _is_enough(minutes, webinar) else Claim.TOO_SHORT, minutes)


def why_not(standing: Standing) -> str:
    """A sentence for the person; empty for whoever is entitled."""
    if standing.claim is Claim.TOO_SHORT:
        return _(
            "You were there for %(minutes)s minutes. The certificate needs half of the webinar.",
            minutes=standing.minutes or 0,
        )
    return {
        Claim.NO_PLACE: _("You had no place at this webinar."),
        Claim.NOT_OVER: _("The certificate comes after the webinar."),
        Claim.NOT_HELD: _("This webinar did not take place."),
        Claim.NOTHING_KNOWN: _("The organisers have not noted yet who was there."),
        Claim.ONLY_CLICKED: _(
            "You clicked, but the organisers have not confirmed the attendance yet."
        ),
        Claim.ABSENT: _(
            "As far as the organisers know you were not there. If that is wrong, write to them."
        ),
    }.get(standing.claim, "")


def may_have(registration: Registration) -> bool:
    return standing_of(registration).is_entitled


def issue(registration: Registration) -> Certificate:
    """The valid certificate, a new one if there is none: twice is the same. Raise NotEntitled."""
    seats.hold(registration.webinar_id)
    reload(registration)
    standing = standing_of(registration)
    if not standing.is_entitled:
        raise NotEntitled(why_not(standing))
    held = valid_certificate(registration.id)
    return held or _new(registration, standing.minutes)


def revoke_if_wrong(registration: Registration) -> None:
    """Once the attendance was corrected: what the certificate says must be true.

    The holder is told by mail, and can have a new one if still entitled.
    """
    certificate = valid_certificate_held(registration.id)
    if certificate is None:
        return
    standing = standing_of(registration)
    if standing == Standing(Claim.ENTITLED, certificate.minutes):
        return
    certificate.revoked_at = utcnow()
    certificate.revoke_reason = CORRECTED if standing.is_entitled else ABSENT
    enqueue("certificates.send_revoked", str(certificate.id), certificate_id=certificate.id)


def _new(registration: Registration, minutes: int | None) -> Certificate:
    certificate = Certificate(
        code=in_groups("".join(secrets.choice(LETTERS) for _place in range(GROUPS * GROUP))),
        webinar_id=registration.webinar_id,
        registration_id=registration.id,
        name=registration.name,
        city_label=city_of(registration)[:120],
        language=language(),
        minutes=minutes,
        issued_at=utcnow(),
    )
    db.session.add(certificate)
    db.session.flush()
    return certificate


def _is_enough(minutes: int | None, webinar: Webinar) -> bool:
    span = span_of(webinar)
    return minutes is not None and span is not None and minutes * 2 >= span.minutes
