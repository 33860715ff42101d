"""What ticks and reports say together, written where everybody reads it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from app.attendance.adding_up import minutes_of, span_of
from app.attendance.errors import TooEarly, TooLate
from app.attendance.queries import lines_that_count, marks_of
from app.attendance.signals import attendance_corrected
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.enums import Attribution
from app.webinars.attending import registrations_by_ids
from app.webinars.enums import Status
from app.webinars.models import Registration, Webinar
from app.webinars.phases import LOBBY_OPENS

NAMES_KEPT = timedelta(days=14)
LINES_KEPT = timedelta(days=365)
OPEN = {Status.PUBLISHED, Status.ARCHIVED}


def keeps_names(webinar: Webinar) -> bool:
    """Under the Chatham House rule names of who came are shown for two weeks, then only cities."""
    if webinar.attribution != Attribution.CHATHAM_HOUSE:
        return True
    return webinar.ends_at is not None and utcnow() < webinar.ends_at + NAMES_KEPT


def has_begun(webinar: Webinar) -> bool:
    """From when the door opens on; of a webinar without an hour, from its publishing on."""
    if webinar.status not in OPEN:
        return False
    return webinar.starts_at is None or utcnow() >= webinar.starts_at - LOBBY_OPENS


def may_change(webinar: Webinar) -> bool:
    """As long as what it is computed from is there."""
    ended = webinar.ends_at or webinar.sorts_at
    return has_begun(webinar) and keeps_names(webinar) and utcnow() < ended + LINES_KEPT


def check_open(webinar: Webinar) -> None:
    """Raise TooEarly or TooLate."""
    if not has_begun(webinar):
        raise TooEarly
    if not may_change(webinar):
        raise TooLate


def recount(webinar: Webinar, ids: Collection[int], marked: Collection[int] = ()) -> int:
    """Set what each of these people's attendance is now; a tick wins over reports.

    Callers hold the webinar. `marked` are those whose tick changed. Return how many changed.
    """
    people = db.session.scalars(locked(registrations_by_ids(webinar.id, ids))).all()
    marks, lines, span = marks_of(ids), lines_that_count(webinar.id, ids), span_of(webinar)
    changed = []
    for person in people:
        reports, mark = lines.get(person.id, []), marks.get(person.id)
        minutes = minutes_of(reports, span)
        by_report = (minutes is None or minutes > 0) if reports else None
        if _note(person, mark.was_there if mark else by_report, minutes) or person.id in marked:
            changed.append(person)
    db.session.flush()
    for person in changed:
        attendance_corrected.send(person)
    return len(changed)


def _note(person: Registration, attended: bool | None, minutes: int | None) -> bool:
    if (person.attended, person.minutes_attended) == (attended, minutes):
        return False
    person.attended, person.minutes_attended = attended, minutes
    return True
