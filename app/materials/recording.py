"""The recording of a webinar: where it lies, who may see it, and whether it may be shown at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.materials.enums import Sharing
from app.materials.errors import (
    ConsentMissing,
    CutNotSaid,
    NoRecording,
    NotOver,
    RecordingEnded,
    StaleRecording,
)
from app.materials.models import WebinarRecording
from app.materials.queries import recording_of
from app.materials.signals import recording_published
from app.webinars import seats
from app.webinars.enums import Recording
from app.webinars.models import Speaker, Webinar
from app.webinars.phases import is_over
from app.webinars.speakers import coming_speakers

EXPECTED_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class RecordingDetails:
    """What a form says. `version` is that of the recording the form was made from."""

    url: str
    language: str
    minutes: int | None
    starts_at_second: int
    sharing: Sharing
    consent_note: str
    ends_on: date | None
    version: int = 0


def expected_by(webinar: Webinar) -> datetime | None:
    """Until when whoever came may count on it; None when that is over, or nothing was recorded."""
    if webinar.ends_at is None or webinar.recording == Recording.NONE:
        return None
    until = webinar.ends_at + EXPECTED_WITHIN
    return until if until > utcnow() else None


def the_recording(webinar: Webinar) -> WebinarRecording | None:
    return db.session.scalars(recording_of(webinar)).first()


def save(webinar: Webinar, details: RecordingDetails) -> WebinarRecording:
    """Raise StaleRecording when somebody else saved since. Published stays published."""
    seats.hold(webinar.id)
    recording = db.session.scalars(locked(recording_of(webinar))).first()
    if recording is None:
        recording = WebinarRecording(webinar_id=webinar.id, lock_version=0)
        db.session.add(recording)
    elif recording.lock_version != details.version:
        raise StaleRecording
    recording.url, recording.language = details.url, details.language
    recording.minutes = details.minutes
    recording.starts_at_second = details.starts_at_second
    recording.sharing, recording.ends_on = details.sharing, details.ends_on
    recording.consent_note = details.consent_note
    recording.lock_version += 1
    db.session.flush()
    return recording


def refused_by(webinar: Webinar) -> list[Speaker]:
    """Speakers who do not want to be in it."""
    return [one for one in coming_speakers(webinar) if one.may_record is False]


def silent(webinar: Webinar) -> list[Speaker]:
    """Speakers who were never heard about it: to be asked, by whatever way."""
    return [one for one in coming_speakers(webinar) if one.may_record is None]


def objection(webinar: Webinar) -> str:
    """Why it must not be shown as it is, in a sentence; empty when nothing speaks against it."""
    if webinar.recording == Recording.NONE:
        return _(
            "This webinar was announced as not recorded. Everybody who was in the room counts on "
            "it, so nobody may be seen or heard who did not agree since."
        )
    names = [one.name for one in refused_by(webinar)]
    if not names:
        return ""
    return _("Does not agree to be recorded: %(names)s.", names=", ".join(names))


def publish(webinar: Webinar, actor: User, *, is_cut: bool = False) -> WebinarRecording:
    """Show it. `is_cut`: the organiser says that whoever refused was cut out.

    Raise NoRecording, NotOver, RecordingEnded, ConsentMissing, CutNotSaid. Twice is once.
    """
    seats.hold(webinar.id)
    recording = db.session.scalars(locked(recording_of(webinar))).first()
    if recording is None or not recording.url:
        raise NoRecording
    _check(webinar, recording, is_cut)
    if recording.published_at is not None:
        return recording
    recording.published_at, recording.published_by_id = utcnow(), actor.id
    recording.lock_version += 1
    record(actor.id, "materials.publish_recording", f"webinar:{webinar.id}", is_cut=is_cut)
    recording_published.send(recording)
    return recording


def unpublish(webinar: Webinar, actor: User) -> None:
    """Nobody but the organisers sees it any more. Twice is once."""
    seats.hold(webinar.id)
    recording = db.session.scalars(locked(recording_of(webinar))).first()
    if recording is None or recording.published_at is None:
        return
    recording.published_at = None
    recording.lock_version += 1
    record(actor.id, "materials.unpublish_recording", f"webinar:{webinar.id}")


def _check(webinar: Webinar, recording: WebinarRecording, is_cut: bool) -> None:
    if not is_over(webinar, utcnow()):
        raise NotOver
    if recording.ends_on is not None and recording.ends_on <= utcnow().date():
        raise RecordingEnded
    sentence = objection(webinar)
    if sentence and not is_cut:
        raise ConsentMissing(sentence)
    if sentence and not recording.consent_note:
        raise CutNotSaid
