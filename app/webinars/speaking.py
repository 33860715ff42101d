"""Asking speakers by mail, and what they answer (spec/webinars 6.3; no account needed)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.i18n import _
from app.core.jobs import enqueue
from app.core.rate_limit import DAY, HOUR, Allowance, spend
from app.files.errors import FileRefused
from app.files.models import StoredFile
from app.files.naming import extension_of
from app.files.uploading import Prepared, keep_unowned
from app.files.using import detach
from app.webinars.enums import Recording, SpeakerState, Status
from app.webinars.errors import AlreadyCancelled, AlreadyOver
from app.webinars.mail_plan import Reminder
from app.webinars.models import Speaker, Webinar
from app.webinars.phases import is_over
from app.webinars.speakers import contacts_of

CONSENT_VERSION = "2026-11"
ANSWER_WITHIN, LAST_ANSWER = timedelta(days=7), timedelta(days=3)
SLIDES_BEFORE = timedelta(days=2)
SLIDES = ("pdf", "pptx", "odp")
PACE = Allowance(10, HOUR), Allowance(30, DAY)
SAME_MAIL_WITHIN_MINUTES = 10
CLOSED = (Status.CANCELLED, Status.ARCHIVED)
BY_CLOCK = (Reminder.BRIEFING, Reminder.HOUR)


@dataclass(frozen=True)
class Answers:
    """What a speaker says on their page. `may_record` None: not asked, or not answered."""

    bio: str
    access_needs: str
    phone: str
    language: str
    timezone: str
    may_record: bool | None


def ask(webinar: Webinar) -> int:
    """Mail everybody who has an address and was not asked yet. Return how many."""
    _lock(webinar)
    if not is_askable(webinar):
        return 0
    people = contacts_of(webinar)
    unasked = [
        one for one in webinar.speakers if one.id in people and one.state == SpeakerState.LISTED
    ]
    for speaker in unasked:
        _invite(speaker)
    return len(unasked)


def ask_again(speaker: Speaker, actor: User) -> None:
    """Mail the personal link again, once in ten minutes. Raise AlreadyCancelled, AlreadyOver."""
    require_askable(_lock(speaker.webinar))
    _invite(speaker)
    record(actor.id, "webinars.ask_speaker", f"webinar:{speaker.webinar_id}", speaker=speaker.id)


def confirm(speaker: Speaker) -> None:
    """The speaker comes. Twice is once. Raise AlreadyCancelled, AlreadyOver."""
    _answer(speaker, SpeakerState.CONFIRMED)


def decline(speaker: Speaker) -> None:
    """The speaker does not come, and the organisers are told. Twice is once."""
    if _answer(speaker, SpeakerState.DECLINED):
        _tell_declined(speaker)


def describe(speaker: Speaker, answers: Answers) -> None:
    """Keep what the speaker says of themselves; a consent is kept with its text's version."""
    require_askable(_lock(speaker.webinar))
    speaker.bio, speaker.access_needs = answers.bio, answers.access_needs
    speaker.phone = answers.phone
    speaker.language, speaker.timezone = answers.language, answers.timezone
    if answers.may_record is not None and answers.may_record != speaker.may_record:
        speaker.may_record = answers.may_record
        speaker.consent_version, speaker.consented_at = CONSENT_VERSION, utcnow()


def count_upload(speaker: Speaker) -> None:
    """Inside `write()`, before the work: what is refused counts too. Raise AllowanceSpent."""
    spend("slides", f"speaker:{speaker.id}", *PACE)


def check_slides(name: str) -> None:
    """Raise FileRefused for anything but slides."""
    if extension_of(name) not in SLIDES:
        raise FileRefused(_("Save your slides as PDF, PPTX or ODP."), name)


def keep_slides(speaker: Speaker, prepared: Prepared) -> StoredFile:
    """Put this file in the place of the one that is there."""
    require_askable(_lock(speaker.webinar))
    drop_slides(speaker)
    file = keep_unowned(prepared)
    speaker.slides_id = file.id
    return file


def share_slides(speaker: Speaker, shares: bool) -> None:
    speaker.shares_slides = shares


def drop_slides(speaker: Speaker) -> None:
    """Take the slides away. Whoever has them keeps what was downloaded."""
    if speaker.slides_id is not None:
        detach([speaker.slides_id])
        speaker.slides_id = None


def files_in_use() -> Select[int]:
    """Ids of slides that some speaker has."""
    return select(StoredFile.id).join(Speaker, Speaker.slides_id == StoredFile.id)


def queue_by_clock(webinar: Webinar, kind: Reminder, starts_at: datetime) -> None:
    """Queue the briefing or reminder of each speaker, and the briefing of each organiser."""
    start = starts_at.isoformat()
    people = contacts_of(webinar)
    for speaker_id in people:
        key = f"{speaker_id}:{kind}:{start}:{webinar.lock_version}"
        enqueue("webinars.remind_speaker", key,
                speaker_id=speaker_id, kind=kind.value, starts_at=start)  # fmt: skip
    if kind is Reminder.BRIEFING:
        addresses = {contact.address for contact in people.values()}
        for seat in webinar.organisers:
            if seat.user.email.lower() not in addresses:
                key = f"{webinar.id}:{seat.user_id}:{start}:{webinar.lock_version}"
                enqueue("webinars.brief_organiser", key,
                        webinar_id=webinar.id, user_id=seat.user_id, starts_at=start)  # fmt: skip


def is_askable(webinar: Webinar) -> bool:
    return webinar.status not in CLOSED and not _is_past(webinar)


def require_askable(webinar: Webinar) -> None:
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    if not is_askable(webinar):
        raise AlreadyOver


def asks_about_recording(webinar: Webinar) -> bool:
    return webinar.recording != Recording.NONE


def answer_by(speaker: Speaker) -> datetime | None:
    """Until when the organisers hope for an answer; None when that is now."""
    asked_at, starts_at = speaker.invited_at or utcnow(), speaker.webinar.starts_at
    last = asked_at + ANSWER_WITHIN
    until = min(last, starts_at - LAST_ANSWER) if starts_at else last
    return until if until > utcnow() else None


def slides_by(webinar: Webinar) -> datetime | None:
    """Until when slides help the organisers; None when it is too late or nobody knows."""
    until = webinar.starts_at - SLIDES_BEFORE if webinar.starts_at else None
    return until if until and until > utcnow() else None


def _is_past(webinar: Webinar) -> bool:
    return webinar.ends_at is not None and is_over(webinar, utcnow())


def _lock(webinar: Webinar) -> Webinar:
    """Everybody holds the webinar first, then what belongs to it."""
    held = db.session.scalars(locked(select(Webinar).where(Webinar.id == webinar.id))).one()
    db.session.scalars(locked(select(Speaker).where(Speaker.webinar_id == webinar.id))).all()
    return held


def _invite(speaker: Speaker) -> None:
    now = utcnow()
    speaker.invited_at = now
    if speaker.state == SpeakerState.LISTED:
        speaker.state = SpeakerState.INVITED
    asked = f"{now:%Y%m%d%H}.{now.minute // SAME_MAIL_WITHIN_MINUTES}"
    key = f"{speaker.id}:{asked}:{speaker.token[:8]}"
    enqueue("webinars.ask_speaker", key, speaker_id=speaker.id, asked=asked, token=speaker.token)


def _answer(speaker: Speaker, state: SpeakerState) -> bool:
    """Whether that was news."""
    require_askable(_lock(speaker.webinar))
    if speaker.state == state:
        return False
    speaker.state, speaker.answered_at = state, utcnow()
    return True


def _tell_declined(speaker: Speaker) -> None:
    answered_at = speaker.answered_at.isoformat() if speaker.answered_at else ""
    for seat in speaker.webinar.organisers:
        key = f"{speaker.id}:{seat.user_id}:{answered_at}"
        enqueue("webinars.tell_declined", key,
                speaker_id=speaker.id, user_id=seat.user_id, answered_at=answered_at)  # fmt: skip
