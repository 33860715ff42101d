"""Summaries that are late: organisers hear of it twice, and readers know when to expect one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.zones import to_local
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.webinars.enums import Status
from app.webinars.models import Webinar, WebinarOrganiser
from app.webinars.queries import held_between

STEPS = (7, 3)
"""Days after the end, the later one first: who missed the first mail gets the second alone."""
FORGOTTEN_AFTER = timedelta(days=14)
WORKING_DAYS = 5
SATURDAY = 5


def late_webinars() -> Iterator[tuple[Webinar, int]]:
    """Each webinar without a summary that is late now, with the number of days it is."""
    now = utcnow()
    webinars = _ended(now)
    sets = _sets_of([webinar.id for webinar in webinars])
    for webinar in webinars:
        days = _days_late(webinar, sets.get(webinar.id), now)
        if days is not None:
            yield webinar, days


def people_to_nudge(webinar: Webinar) -> list[User]:
    return [seat.user for seat in webinar.organisers if seat.user.active and seat.user.is_approved]


def expected_on(webinar: Webinar, note_set: NoteSet | None) -> date | None:
    """By when readers can expect the summary of what is over; None: it is there, or nobody knows.

    The end of the review, or five working days after the webinar.
    """
    if webinar.ends_at is None or (note_set and note_set.status == NotesStatus.PUBLISHED):
        return None
    if note_set and note_set.status == NotesStatus.IN_REVIEW and note_set.review_until:
        return to_local(note_set.review_until, webinar.tzid).date()
    day, left = to_local(webinar.ends_at, webinar.tzid).date(), WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


def promised_on(webinar: Webinar) -> date | None:
    """The same for the page of a webinar: None also when that day is over, or nobody writes one."""
    if webinar.status != Status.PUBLISHED or not webinar.agenda:
        return None
    mine = select(NoteSet).where(NoteSet.webinar_id == webinar.id)
    day = expected_on(webinar, db.session.scalars(mine).first())
    today = to_local(utcnow(), webinar.tzid).date()
    return day if day is not None and day >= today else None


def _ended(now: datetime) -> list[Webinar]:
    people = selectinload(Webinar.organisers).joinedload(WebinarOrganiser.user)
    found = held_between(now - FORGOTTEN_AFTER, now - timedelta(days=min(STEPS)))
    wanted = found.where(~Webinar.is_demo, Webinar.agenda.any()).options(people)
    return list(db.session.scalars(wanted))


def _sets_of(webinar_ids: list[int]) -> dict[int, NoteSet]:
    found = select(NoteSet).where(NoteSet.webinar_id.in_(webinar_ids))
    return {note_set.webinar_id: note_set for note_set in db.session.scalars(found)}


def _days_late(webinar: Webinar, note_set: NoteSet | None, now: datetime) -> int | None:
    if note_set is not None and note_set.status == NotesStatus.PUBLISHED:
        return None
    until = note_set.review_until if note_set is not None else None
    since = max(moment for moment in (webinar.ends_at, until) if moment is not None)
    return next((days for days in STEPS if since + timedelta(days=days) <= now), None)
