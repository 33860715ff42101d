"""Who speaks at a webinar, with an account or without."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.db import db
from app.core.i18n import LANGUAGES
from app.webinars.enums import RegistrationState, SpeakerState
from app.webinars.models import Registration, Speaker, Webinar

SEATED = (RegistrationState.CONFIRMED, RegistrationState.ON_HOLD)


@dataclass(frozen=True)
class SpeakerRow:
    """One row as a form has it. `id` names the speaker it changes; nameless rows are gone."""

    name: str
    affiliation: str = ""
    email: str | None = None
    user_id: int | None = None
    id: int | None = None


@dataclass(frozen=True)
class Contact:
    """How a speaker or organiser is reached. `language` and `timezone` decide their mails."""

    address: str
    name: str
    language: str
    timezone: str


def replace_speakers(webinar: Webinar, rows: Sequence[SpeakerRow]) -> None:
    """Make the list of speakers what the rows say. Those who stay keep their personal link."""
    kept = {speaker.id: speaker for speaker in webinar.speakers}
    speakers = []
    for position, row in enumerate((row for row in rows if row.name), start=1):
        speaker = kept.pop(row.id, None) if row.id else None
        speakers.append(_fill(speaker or _newcomer(), row, position))
    webinar.speakers = speakers


def coming_speakers(webinar: Webinar) -> list[Speaker]:
    """Everybody who did not decline."""
    return [one for one in webinar.speakers if one.state != SpeakerState.DECLINED]


def contacts_of(webinar: Webinar) -> dict[int, Contact]:
    """By id of the speaker: those who did not decline and whom a mail reaches."""
    here = coming_speakers(webinar)
    users = users_by_ids([one.user_id for one in here if one.user_id])
    open_ones = {user_id: user for user_id, user in users.items() if user.is_approved}
    found = {one.id: _contact(one, webinar, open_ones.get(one.user_id or 0)) for one in here}
    return {speaker_id: contact for speaker_id, contact in found.items() if contact.address}


def contact_of(speaker: Speaker) -> Contact:
    """How this one is reached, whatever they answered; the address may be empty."""
    users = users_by_ids([speaker.user_id] if speaker.user_id else [])
    return _contact(speaker, speaker.webinar, users.get(speaker.user_id or 0))


def speaks(registration: Registration, webinar: Webinar) -> bool:
    """Whether whoever registered is one of the speakers, who get mails of their own."""
    people = contacts_of(webinar)
    return any(_is_same(one, people[one.id], registration) for one in _reached(webinar, people))


def seated_speaker_ids(webinar: Webinar) -> set[int]:
    """Speakers who registered as well."""
    people = contacts_of(webinar)
    if not people:
        return set()
    addresses = [contact.address for contact in people.values()]
    accounts = [one.user_id for one in webinar.speakers if one.user_id]
    mine = select(Registration).where(
        Registration.webinar_id == webinar.id,
        Registration.state.in_(SEATED),
        or_(Registration.email.in_(addresses), Registration.user_id.in_(accounts)),
    )
    return {
        one.id
        for registration in db.session.scalars(mine)
        for one in _reached(webinar, people)
        if _is_same(one, people[one.id], registration)
    }


def _reached(webinar: Webinar, people: Mapping[int, Contact]) -> list[Speaker]:
    return [one for one in webinar.speakers if one.id in people]


def _is_same(speaker: Speaker, contact: Contact, registration: Registration) -> bool:
    is_account = speaker.user_id is not None and speaker.user_id == registration.user_id
    return is_account or contact.address == registration.email


def _contact(speaker: Speaker, webinar: Webinar, user: User | None) -> Contact:
    spoken = webinar.language if webinar.language in LANGUAGES else "en"
    return Contact(
        address=speaker.email or (user.email.lower() if user else ""),
        name=speaker.name,
        language=speaker.language or (user.locale if user else None) or spoken,
        timezone=speaker.timezone or (user.timezone if user else webinar.tzid),
    )


def _newcomer() -> Speaker:
    return Speaker(token=secrets.token_urlsafe(24))


def _fill(speaker: Speaker, row: SpeakerRow, position: int) -> Speaker:
    address = (row.email or "").lower() or None
    if address != speaker.email and speaker.email:
        _begin_anew(speaker)
    speaker.name, speaker.affiliation, speaker.email = row.name, row.affiliation, address
    speaker.user_id = row.user_id or speaker.user_id
    speaker.position = position
    return speaker


def _begin_anew(speaker: Speaker) -> None:
    """Another address may be another person: the old link ends, what was answered is forgotten."""
    speaker.token = secrets.token_urlsafe(24)
    speaker.user_id = speaker.invited_at = speaker.answered_at = None
    speaker.state = SpeakerState.LISTED
    speaker.may_record = speaker.consented_at = None
    speaker.phone = speaker.access_needs = speaker.consent_version = ""
    speaker.language = speaker.timezone = ""
    speaker.wants_reminders = True
