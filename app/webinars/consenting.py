"""What people agree to, each by itself, in which words, and when (spec/webinars 6.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import lazy_
from app.webinars.enums import ConsentKind, Recording
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import Consent

DATA_VERSION = "2026-11-22"
NAME_VERSION = "2026-11"
RECORDING_VERSION = "2026-11"

VERSIONS = {
    ConsentKind.DATA: DATA_VERSION,
    ConsentKind.NAME_LISTED: NAME_VERSION,
    ConsentKind.RECORDING: RECORDING_VERSION,
}
"""The texts that are asked now. Other words are another version; the old ones stay below."""

TEXTS: dict[tuple[ConsentKind, str], Any] = {
    (ConsentKind.DATA, "2026-11"): lazy_(
        "You may keep my name, address and city until the webinar is over, to invite me."
    ),
    (ConsentKind.DATA, DATA_VERSION): lazy_(
        "You may keep my name, address, city and answers for this webinar, to invite me and tell "
        "me what changes. My answers are deleted 12 months after it."
    ),
    (ConsentKind.NAME_LISTED, NAME_VERSION): lazy_("Show my name in the list of participants"),
    (ConsentKind.RECORDING, RECORDING_VERSION): lazy_(
        "I may be seen and heard in the recording. Without this I keep camera and microphone off."
    ),
}


class Noted(NamedTuple):
    """One answer to one text."""

    kind: ConsentKind
    is_given: bool

    @property
    def version(self) -> str:
        return VERSIONS[self.kind]


def words_of(kind: ConsentKind) -> Any:
    """The text that is asked now."""
    return TEXTS[kind, VERSIONS[kind]]


def is_recording_asked(webinar: Webinar) -> bool:
    """Nobody is asked to be recorded where only the speakers are, or nothing is."""
    return webinar.recording == Recording.ALL


def note(registration: Registration, kind: ConsentKind, version: str, is_given: bool) -> None:
    """Write down an answer below the earlier ones; the newest holds."""
    db.session.add(
        Consent(
            registration_id=registration.id,
            kind=kind,
            version=version,
            is_given=is_given,
            at=utcnow(),
        )
    )
    if kind == ConsentKind.NAME_LISTED:
        registration.is_listed = is_given
    if kind == ConsentKind.DATA:
        registration.consent_version = version


def note_first(registration: Registration, answers: Iterable[Noted]) -> None:
    """What a new registration agrees to. A box that was left empty is no answer."""
    for answer in answers:
        if answer.is_given:
            note(registration, answer.kind, answer.version, True)


def note_changed(registration: Registration, answers: Iterable[Noted]) -> None:
    """Write down what differs from what held so far."""
    held = held_by(registration)
    for answer in answers:
        if held.get(answer.kind, False) != answer.is_given:
            note(registration, answer.kind, answer.version, answer.is_given)


def held_by(registration: Registration) -> Mapping[ConsentKind, bool]:
    """What holds now; a kind that was never answered is not in it."""
    rows = select(Consent).where(Consent.registration_id == registration.id).order_by(Consent.id)
    return {row.kind: row.is_given for row in db.session.scalars(rows)}
