"""Questions that want their answers by a certain day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.zones import to_local, zone
from app.forum.chronicling import note_event
from app.forum.enums import EventKind, ThreadKind
from app.forum.errors import DeadlineOutOfRange, NotAQuestion
from app.forum.models import Thread, ThreadEvent
from app.forum.posting import lock_row
from app.forum.signals import half_time_reached, time_is_up

MOST_DAYS = 90
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Deadline:
    """`days_left` 0: today is the last day."""

    day: date
    is_up: bool
    days_left: int


def set_deadline(thread: Thread, actor: User, day: date | None) -> bool:
    """Want answers until the end of this day where the asker is; None: no day any more.

    Return whether that changed anything. Raise NotAQuestion, DeadlineOutOfRange.
    """
    thread = lock_row(thread.id)
    if thread.kind is not ThreadKind.QUESTION:
        raise NotAQuestion
    answers_by = _end_of(day, _asker_of(thread, actor)) if day else None
    if answers_by == thread.answers_by:
        return False
    thread.answers_by = answers_by
    until = answers_by.isoformat() if answers_by else None
    event = note_event(thread, EventKind.TIME_BOXED, actor, until=until)
    if answers_by is not None:
        _plan(thread, event, answers_by)
    return True


def deadline_of(thread: Thread, viewer: User | None) -> Deadline | None:
    """The day in the reader's calendar."""
    if thread.answers_by is None:
        return None
    tzid = viewer.timezone if viewer else "UTC"
    day, today = to_local(thread.answers_by, tzid).date(), to_local(utcnow(), tzid).date()
    return Deadline(day, thread.answers_by <= utcnow(), max(0, (day - today).days))


def pass_half_time(thread_id: int, event_id: int) -> None:
    """Half of the time is over. Nothing when the day was changed or is past, or it is solved."""
    thread = _still_boxed(thread_id, event_id)
    if thread is not None and thread.accepted_number is None and not _is_over(thread):
        half_time_reached.send(thread)


def end_time(thread_id: int, event_id: int) -> None:
    """The day is over. Nothing when it was changed, or when that was said already."""
    thread = _still_boxed(thread_id, event_id)
    if thread is None or _latest(thread_id, EventKind.TIME_IS_UP) > event_id:
        return
    note_event(thread, EventKind.TIME_IS_UP, None)
    time_is_up.send(thread)


def deadline_event(thread: Thread) -> int:
    """Which event set the day that counts; 0: none."""
    return _latest(thread.id, EventKind.TIME_BOXED)


def _is_over(thread: Thread) -> bool:
    return thread.answers_by is not None and thread.answers_by <= utcnow()


def _asker_of(thread: Thread, actor: User) -> User:
    return thread.author or actor


def _end_of(day: date, asker: User) -> datetime:
    today = to_local(utcnow(), asker.timezone).date()
    if not today <= day <= today + timedelta(days=MOST_DAYS):
        raise DeadlineOutOfRange
    return datetime.combine(day, LAST_SECOND, zone(asker.timezone)).astimezone(UTC)


def _plan(thread: Thread, event: ThreadEvent, answers_by: datetime) -> None:
    """The event is part of the key: an earlier day's jobs find a later event and do nothing."""
    now = utcnow()
    facts = {"thread_id": thread.id, "event_id": event.id}
    key = f"{thread.id}:{event.id}:{answers_by.isoformat()}"
    enqueue("forum.half_time", key, run_at=now + (answers_by - now) / 2, **facts)
    enqueue("forum.time_is_up", key, run_at=answers_by, **facts)


def _still_boxed(thread_id: int, event_id: int) -> Thread | None:
    """The thread, held, if it is there and this is still its latest day."""
    found = select(Thread.id).where(
        Thread.id == thread_id,
        Thread.answers_by.is_not(None),
        Thread.deleted_at.is_(None),
        Thread.merged_into_id.is_(None),
    )
    if db.session.scalar(found) is None:
        return None
    thread = lock_row(thread_id)
    return thread if _latest(thread_id, EventKind.TIME_BOXED) == event_id else None


def _latest(thread_id: int, kind: EventKind) -> int:
    found = select(func.max(ThreadEvent.id)).where(
        ThreadEvent.thread_id == thread_id, ThreadEvent.kind == kind
    )
    return db.session.scalar(found) or 0
