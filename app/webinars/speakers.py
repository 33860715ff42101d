"""Who speaks at a webinar, with an account or without."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from app.webinars.models import Speaker, Webinar


@dataclass(frozen=True)
class SpeakerRow:
    """One row as a form has it. `id` names the speaker it changes; nameless rows are gone."""

    name: str
    affiliation: str = ""
    email: str | None = None
    user_id: int | None = None
    id: int | None = None


def replace_speakers(webinar: Webinar, rows: Sequence[SpeakerRow]) -> None:
    """Make the list of speakers what the rows say. Those who stay keep their personal link."""
    kept = {speaker.id: speaker for speaker in webinar.speakers}
    speakers = []
    for position, row in enumerate((row for row in rows if row.name), start=1):
        speaker = kept.pop(row.id, None) if row.id else None
        speakers.append(_fill(speaker or _newcomer(), row, position))
    webinar.speakers = speakers


def _newcomer() -> Speaker:
    return Speaker(token=secrets.token_urlsafe(24))


def _fill(speaker: Speaker, row: SpeakerRow, position: int) -> Speaker:
    address = (row.email or "").lower() or None
    if address != speaker.email and speaker.email:
        speaker.token = secrets.token_urlsafe(24)
        speaker.user_id = None
    speaker.name, speaker.affiliation, speaker.email = row.name, row.affiliation, address
    speaker.user_id = row.user_id or speaker.user_id
    speaker.position = position
    return speaker
