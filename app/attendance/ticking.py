"""What organisers say of single people, and of everybody who clicked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete

from app.accounts.models import User
from app.attendance.correcting import check_open, recount
from app.attendance.models import AttendanceMark
from app.attendance.presence import HAVE_A_PLACE, people_with_a_place
from app.attendance.queries import marks_at, marks_of
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.webinars import seats
from app.webinars.attending import registrations_by_ids
from app.webinars.models import Registration, Webinar


def tick(
    webinar: Webinar,
    said: Mapping[int, bool | None],
    actor: User,
    excused: Collection[int] = (),
) -> int:
    """There, not there, or (None) nothing. Return of how many it is said differently now.

    Of those who were not there, `excused` said so before. Raise TooEarly or TooLate. People of
    another webinar are passed over.
    """
    webinar = _held(webinar)
    here = db.session.scalars(locked(registrations_by_ids(webinar.id, said.keys())))
    people = {one.id: one for one in here if one.state in HAVE_A_PLACE}
    marks = marks_of(people)
    turned = {number for number, one in people.items() if _excuse(one, said[number], excused)}
    wanted = {
        number: said[number]
        for number in people
        if number in turned or said[number] != _said_by(marks.get(number))
    }
    _write(wanted, marks, actor, utcnow())
    if wanted:
        recount(webinar, wanted.keys(), marked=wanted.keys())
        record(actor.id, "attendance.tick", f"webinar:{webinar.id}", people=len(wanted))
    return len(wanted)


def tick_who_clicked(webinar: Webinar, actor: User) -> tuple[int, datetime]:
    """Everybody who opened the room by our page was there, but those of whom something is said.

    Return how many, and the moment by which `untick` takes it back.
    """
    webinar, now = _held(webinar), utcnow()
    clicked = people_with_a_place(webinar).where(Registration.joined_at.is_not(None))
    ids = {one.id for one in db.session.scalars(clicked)}
    fresh = ids - marks_of(ids).keys()
    _write(dict.fromkeys(sorted(fresh), True), {}, actor, now)
    if fresh:
        recount(webinar, fresh, marked=fresh)
        record(actor.id, "attendance.tick_clicked", f"webinar:{webinar.id}", people=len(fresh))
    return len(fresh), now


def untick(webinar: Webinar, moment: datetime, actor: User) -> int:
    """Take back what this person said at that moment. Return of how many people."""
    webinar = _held(webinar)
    mine = (AttendanceMark.marked_at == moment) & (AttendanceMark.marked_by_id == actor.id)
    ids = {mark.registration_id for mark in db.session.scalars(marks_at(webinar.id).where(mine))}
    if ids:
        _forget(ids)
        recount(webinar, ids, marked=ids)
        record(actor.id, "attendance.untick", f"webinar:{webinar.id}", people=len(ids))
    return len(ids)


def _held(webinar: Webinar) -> Webinar:
    held = seats.hold(webinar.id)
    check_open(held)
    return held


def _excuse(person: Registration, was_there: bool | None, excused: Collection[int]) -> bool:
    """Whether it changes that they are excused. Who says nothing of them changes nothing."""
    if was_there is None or person.is_excused == (person.id in excused):
        return False
    person.is_excused = person.id in excused
    return True


def _said_by(mark: AttendanceMark | None) -> bool | None:
    return mark.was_there if mark else None


def _write(
    wanted: Mapping[int, bool | None],
    marks: Mapping[int, AttendanceMark],
    actor: User,
    now: datetime,
) -> None:
    _forget({one for one, was_there in wanted.items() if was_there is None})
    for one, was_there in wanted.items():
        if was_there is None:
            continue
        mark = marks.get(one) or AttendanceMark(registration_id=one)
        mark.was_there, mark.marked_by_id, mark.marked_at = was_there, actor.id, now
        db.session.add(mark)
    db.session.flush()


def _forget(ids: set[int]) -> None:
    if ids:
        db.session.execute(
            delete(AttendanceMark)
            .where(AttendanceMark.registration_id.in_(ids))
            .execution_options(synchronize_session="fetch")
        )
