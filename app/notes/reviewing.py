"""Review: for some days those who were there read the draft and say what should be different."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.core.quiet import quiet_time
from app.core.templating import moment
from app.core.zones import to_local, to_utc
from app.notes.enums import CorrectionState, NotesStatus
from app.notes.errors import ReviewNotPossible, ReviewNotRunning, ReviewTooLong
from app.notes.models import Correction, Note, NoteSet
from app.notes.signals import review_opened
from app.webinars import reminding
from app.webinars.hours import place
from app.webinars.models import Registration, Webinar

USUAL_DAYS, MOST_DAYS = 7, 30


def open_review(note_set: NoteSet, days: int, actor: User) -> None:
    """Let those who were there propose corrections until the end of a day, and tell them.

    Without days nobody is asked, and the summary may be published as it is.
    """
    note_set = hold(note_set)
    if note_set.status == NotesStatus.PUBLISHED:
        raise ReviewNotPossible
    if not 0 <= days <= MOST_DAYS:
        raise ReviewTooLong
    if not days:
        return
    is_new = note_set.status != NotesStatus.IN_REVIEW
    note_set.status = NotesStatus.IN_REVIEW
    _run_until(note_set, end_of_day(note_set.webinar, days), actor, "notes.open_review")
    if is_new:
        _tell(note_set)


def extend(note_set: NoteSet, days: int, actor: User) -> None:
    """Until the end of the day in so many days from now; nobody is told again."""
    note_set = _in_review(note_set)
    if not 1 <= days <= MOST_DAYS:
        raise ReviewTooLong
    _run_until(note_set, end_of_day(note_set.webinar, days), actor, "notes.extend_review")


def close(note_set: NoteSet, actor: User) -> None:
    """No more corrections from now on; what is open still wants an answer."""
    note_set = _in_review(note_set)
    if not is_over(note_set):
        note_set.review_until = utcnow()
        audit.record(actor.id, "notes.close_review", f"note_set:{note_set.id}")


def back_to_draft(note_set: NoteSet, actor: User) -> None:
    """Only those who write read it again."""
    note_set = hold(note_set)
    if note_set.status == NotesStatus.PUBLISHED:
        raise ReviewNotPossible
    if note_set.status == NotesStatus.IN_REVIEW:
        note_set.status, note_set.review_until = NotesStatus.DRAFT, None
        audit.record(actor.id, "notes.end_review", f"note_set:{note_set.id}")


def takes_corrections(note_set: NoteSet) -> bool:
    """A review of an older release has no end: it takes them until somebody closes it."""
    return note_set.status == NotesStatus.IN_REVIEW and not is_over(note_set)


def is_over(note_set: NoteSet) -> bool:
    return note_set.review_until is not None and note_set.review_until <= utcnow()


def end_words(note_set: NoteSet) -> str:
    """When the review ends or ended, in the zone of the webinar; empty where there is none."""
    until, tzid = note_set.review_until, note_set.webinar.tzid
    if until is None or note_set.status != NotesStatus.IN_REVIEW:
        return ""
    return f"{moment(to_local(until, tzid))} ({place(tzid)})"


def end_of_day(webinar: Webinar, days: int) -> datetime:
    """The last second of a day, where the webinar was held."""
    day = to_local(utcnow(), webinar.tzid).date() + timedelta(days=days)
    return to_utc(datetime.combine(day, time(23, 59, 59)), webinar.tzid)


def days_until(note_set: NoteSet) -> int:
    """What a form that changes the end begins with."""
    until = note_set.review_until or utcnow()
    return max(1, min((until - utcnow()).days + 1, MOST_DAYS)) if until > utcnow() else USUAL_DAYS


def go_round(webinar: Webinar, note_set_id: int, opened: str, after_id: int = 0) -> int | None:
    """Queue the mail of each person who had a place. Return where to go on."""
    people: Sequence[Registration] = reminding.people_reminded(webinar, after_id)
    for registration in people:
        queue_mail(registration, note_set_id, opened)
    return people[-1].id if len(people) == reminding.AT_ONCE else None


def queue_mail(registration: Registration, note_set_id: int, opened: str) -> None:
    """Not within three hours of another mail about the webinar."""
    later = reminding.quiet_until(registration)
    key = f"{registration.id}:{opened}:{later.isoformat() if later else ''}"
    enqueue("notes.send_review", key, run_at=later, registration_id=registration.id,
            note_set_id=note_set_id, opened=opened)  # fmt: skip


def open_count(note_set: NoteSet) -> int:
    """Corrections that nobody answered yet."""
    found = (
        select(func.count())
        .select_from(Correction)
        .join(Correction.note)
        .where(Note.note_set_id == note_set.id, Note.removed_at.is_(None))
        .where(Correction.state == CorrectionState.OPEN)
    )
    return db.session.scalar(found) or 0


def hold(note_set: NoteSet) -> NoteSet:
    """Its row, locked: whoever changes the state of the whole comes one by one."""
    mine = select(NoteSet).where(NoteSet.id == note_set.id)
    return db.session.scalars(locked(mine)).one()


def _in_review(note_set: NoteSet) -> NoteSet:
    note_set = hold(note_set)
    if note_set.status != NotesStatus.IN_REVIEW:
        raise ReviewNotRunning
    return note_set


def _run_until(note_set: NoteSet, until: datetime, actor: User, act: str) -> None:
    note_set.review_until = until
    audit.record(actor.id, act, f"note_set:{note_set.id}", until=until.isoformat())
    enqueue("notes.review_over", f"{note_set.id}:{until.isoformat()}", run_at=until,
            note_set_id=note_set.id, until=until.isoformat())  # fmt: skip


def _tell(note_set: NoteSet) -> None:
    """Who presses the wrong button has some minutes before anybody hears of it."""
    opened = f"{note_set.id}:{utcnow().isoformat()}"
    enqueue("notes.tell_review", opened, run_at=utcnow() + quiet_time(),
            webinar_id=note_set.webinar_id, note_set_id=note_set.id, opened=opened)  # fmt: skip
    review_opened.send(note_set)
