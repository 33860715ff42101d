"""Captions and transcripts: one of each kind in each language."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.forms import tidy
from app.core.i18n import _
from app.files.naming import extension_of
from app.files.uploading import Prepared, keep
from app.files.using import Attachment, attach
from app.materials.captions import MOST_BYTES, read_captions, spoken_text
from app.materials.enums import TrackKind
from app.materials.errors import CaptionsRefused, TranscriptRefused
from app.materials.models import RecordingTrack
from app.materials.queries import tracks_of
from app.webinars import seats
from app.webinars.models import Webinar

LONGEST_TRANSCRIPT = 400_000
TRANSCRIPTS = ("vtt", "txt", "md")


@dataclass(frozen=True)
class TrackDetails:
    """One track as a form says it: captions are a file, a transcript is text."""

    kind: TrackKind
    language: str
    is_machine_made: bool
    text: str = ""


def check_captions(content: bytes, name: str) -> None:
    """Raise CaptionsRefused for anything but WebVTT that players read."""
    if extension_of(name) != "vtt":
        raise CaptionsRefused(_("Save captions as WebVTT: a file whose name ends in .vtt."))
    read_captions(content)


def transcript_text(content: bytes, name: str) -> str:
    """The words of a transcript that came as a file. Raise TranscriptRefused, CaptionsRefused."""
    if extension_of(name) not in TRANSCRIPTS:
        raise TranscriptRefused(_("Save the transcript as VTT, TXT or MD, or paste its text."))
    if len(content) > MOST_BYTES:
        raise TranscriptRefused(_("A transcript has at most 2 MB."))
    if extension_of(name) == "vtt":
        return spoken_text(read_captions(content))
    try:
        return tidy(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TranscriptRefused(_("This is not plain text. Save it as text in UTF-8.")) from error


def put(
    webinar: Webinar, details: TrackDetails, sent: Prepared | None, actor: User
) -> RecordingTrack:
    """A second one in the same language takes the place of the first."""
    _check(details, sent)
    seats.hold(webinar.id)
    known = {(one.kind, one.language): one for one in db.session.scalars(tracks_of(webinar))}
    track = known.get((details.kind, details.language))
    if track is None:
        track = RecordingTrack(webinar_id=webinar.id, kind=details.kind, language=details.language)
        db.session.add(track)
    track.text, track.is_machine_made = details.text, details.is_machine_made
    track.added_at = utcnow()
    track.file_id = _keep(sent, actor)
    db.session.flush()
    return track


def take_away(webinar: Webinar, track: RecordingTrack) -> None:
    seats.hold(webinar.id)
    db.session.delete(track)


def _check(details: TrackDetails, sent: Prepared | None) -> None:
    if details.kind is TrackKind.CAPTIONS and sent is None:
        raise CaptionsRefused(_("Choose a file with captions."))
    if details.kind is TrackKind.TRANSCRIPT and not details.text:
        raise TranscriptRefused(_("Choose a file, or paste the text of the transcript."))
    if len(details.text) > LONGEST_TRANSCRIPT:
        raise TranscriptRefused(_("A transcript has at most 400,000 characters."))


def _keep(sent: Prepared | None, actor: User) -> int | None:
    if sent is None:
        return None
    file = keep(sent, actor)
    return attach(actor, [Attachment(file.key)])[0].id
