"""What one reader may have of a webinar: recording, chapters, captions, transcript, materials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.files.models import StoredFile
from app.files.naming import extension_of
from app.files.showing import size_words
from app.live.attendees import Attendee
from app.materials.enums import MaterialKind, TrackKind
from app.materials.hosting import at_second, host_of
from app.materials.models import Chapter, Material, RecordingTrack, WebinarRecording
from app.materials.queries import (
    SHOWN,
    chapters_of,
    shared_materials,
    shared_recording,
    tracks_of,
)
from app.materials.recording import expected_by
from app.materials.timecodes import duration, timecode
from app.materials.words import material_kind_words
from app.network.naming import language_name
from app.webinars.attending import registration_of, speaker_of
from app.webinars.enums import Recording, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.permissions import can_manage
from app.webinars.phases import is_over
from app.webinars.presenting import speakers_at
from app.webinars.speakers import SEATED

ICONS = {
    MaterialKind.SLIDES: "presentation",
    MaterialKind.PAPER: "file-text",
    MaterialKind.LINK: "link",
    MaterialKind.OTHER: "paperclip",
}


@dataclass(frozen=True)
class ChapterShown:
    """`address` leads to this moment; empty where the recording's place has no such links."""

    clock: str
    duration: str
    title: str
    address: str


@dataclass(frozen=True)
class RecordingShown:
    """`host` is the place that a link to it opens."""

    url: str
    host: str
    language: str
    minutes: int | None
    consent_note: str
    ends_on: date | None
    captions: list[RecordingTrack]
    transcripts: list[RecordingTrack]
    chapters: list[ChapterShown]


@dataclass(frozen=True)
class MaterialShown:
    """A file of ours, or a link whose `host` is told."""

    kind: MaterialKind
    title: str
    language: str
    made_by: str
    file: StoredFile | None
    url: str
    host: str

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def facts(self) -> str:
        """Kind, language, who made it, and what opens, in one line."""
        opens = _("opens at %(host)s", host=self.host) if self.url else ""
        kept = (
            f"{extension_of(self.file.name).upper()}, {size_words(self.file.size)}"
            if self.file
            else ""
        )
        spoken = language_name(self.language) if self.language else ""
        words = (material_kind_words(self.kind), spoken, self.made_by, kept, opens)
        return ", ".join(word for word in words if word)


@dataclass(frozen=True)
class Shelf:
    """`awaits_recording`: the webinar was recorded and nothing is to be seen yet. `expected_by`
    None: nobody can count on it any more.
    """

    recording: RecordingShown | None
    materials: list[MaterialShown]
    awaits_recording: bool
    expected_by: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return self.recording is None and not self.materials


def shelf(webinar: Webinar, reader: Attendee | User | None) -> Shelf:
    """What this reader may have, looked up by what they are to the webinar."""
    return shelf_for(webinar, is_inside=_is_inside(webinar, reader))


def shelf_for(webinar: Webinar, *, is_inside: bool) -> Shelf:
    """The same for a caller who knows. Inside is who has a seat, speaks or organises."""
    if webinar.status not in SHOWN:
        return Shelf(None, [], awaits_recording=False)
    is_past = is_over(webinar, utcnow())
    recording = _recording(webinar, is_inside) if is_past else None
    awaits = is_past and recording is None and webinar.recording != Recording.NONE
    rows = db.session.scalars(shared_materials(webinar, is_inside=is_inside))
    materials = [_material(row) for row in rows if row.file is not None or row.url]
    slides = _slides(webinar) if is_inside else []
    return Shelf(recording, [*slides, *materials], awaits, expected_by(webinar))


def _is_inside(webinar: Webinar, reader: Attendee | User | None) -> bool:
    if isinstance(reader, Attendee):
        return reader.is_host or _is_seated(reader.registration)
    is_host = can_manage(reader, webinar) or _speaks(speaker_of(reader, webinar, ""))
    return is_host or _is_seated(registration_of(reader, webinar))


def _is_seated(registration: Registration | None) -> bool:
    return registration is not None and registration.state in SEATED


def _speaks(speaker: Speaker | None) -> bool:
    return speaker is not None and speaker.state != SpeakerState.DECLINED


def _recording(webinar: Webinar, is_inside: bool) -> RecordingShown | None:
    row = db.session.scalars(shared_recording(webinar, is_inside=is_inside)).first()
    if row is None:
        return None
    tracks = db.session.scalars(tracks_of(webinar)).all()
    return RecordingShown(
        url=row.url,
        host=host_of(row.url),
        language=row.language,
        minutes=row.minutes,
        consent_note=row.consent_note,
        ends_on=row.ends_on,
        captions=[one for one in tracks if one.kind is TrackKind.CAPTIONS and one.file],
        transcripts=[one for one in tracks if one.kind is TrackKind.TRANSCRIPT],
        chapters=_chapters(row, db.session.scalars(chapters_of(webinar)).all()),
    )


def _chapters(recording: WebinarRecording, rows: Sequence[Chapter]) -> list[ChapterShown]:
    return [
        ChapterShown(
            timecode(row.second),
            duration(row.second),
            row.title,
            at_second(recording.url, row.second),
        )
        for row in rows
    ]


def _material(row: Material) -> MaterialShown:
    return MaterialShown(
        row.kind, row.title, row.language, row.made_by, row.file, row.url, host_of(row.url)
    )


def _slides(webinar: Webinar) -> list[MaterialShown]:
    """What speakers gave themselves, with their own consent, from the start on."""
    has_begun = webinar.starts_at is not None and webinar.starts_at <= utcnow()
    sharing = [one for one in webinar.speakers if one.shares_slides and one.slides_id]
    if not has_begun or not sharing or webinar.status == Status.POSTPONED:
        return []
    return [
        MaterialShown(
            MaterialKind.SLIDES, one.slides.name, "", one.name, one.slides, url="", host=""
        )
        for one in db.session.scalars(speakers_at(webinar))
        if one.shares_slides and one.state != SpeakerState.DECLINED and one.slides is not None
    ]
