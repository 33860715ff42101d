"""People of a report whom nobody knew, and what an organiser says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from app.accounts.models import User
from app.attendance.correcting import check_open, recount
from app.attendance.enums import MatchedBy
from app.attendance.models import AttendanceLine, AttendanceReport
from app.attendance.presence import HAVE_A_PLACE
from app.attendance.queries import people_in
from app.core.audit import record
from app.core.db import db
from app.webinars import seats
from app.webinars.attending import registrations_by_ids
from app.webinars.models import Webinar

NOT_OURS = 0
"""An organiser said that it is nobody of the list."""


def unknown_in(report: AttendanceReport) -> Any:
    """Select whom neither address nor name found, each once: also those assigned by hand."""
    line = AttendanceLine
    by_hand = line.matched_by.in_([MatchedBy.NOBODY, MatchedBy.HAND])
    same = (line.name, line.email, line.registration_id, line.matched_by)
    first, stays = func.min(line.id).label("line_id"), func.count().label("stays")
    return (
        select(first, stays, *same)
        .where(line.report_id == report.id, by_hand)
        .group_by(*same)
        .order_by(first)
    )


def unassigned_count(report: AttendanceReport) -> int:
    """How many lines nobody has said anything of."""
    mine = AttendanceLine.report_id == report.id
    nobody = AttendanceLine.matched_by == MatchedBy.NOBODY
    return db.session.scalar(select(func.count()).where(mine, nobody)) or 0


def assign(
    webinar: Webinar, report: AttendanceReport, said: Mapping[int, int | None], actor: User
) -> int:
    """Lines (by the id of a person's first one) to registrations, NOT_OURS, or None: not known.

    Return how many people were said. What does not belong together is passed over.
    """
    webinar = seats.hold(webinar.id)
    check_open(webinar)
    before = set(people_in(report))
    wanted = {one for one in said.values() if one}
    here = db.session.scalars(registrations_by_ids(webinar.id, wanted))
    ours = {one.id for one in here if one.state in HAVE_A_PLACE}
    people = [(line, to) for line, to in said.items() if not to or to in ours]
    done = sum(_assign(report, line_id, to) for line_id, to in people)
    if done:
        recount(webinar, before | set(people_in(report)))
        record(actor.id, "attendance.assign", f"webinar:{webinar.id}", people=done)
    return done


def _assign(report: AttendanceReport, line_id: int, registration_id: int | None) -> bool:
    """All lines of the same person in this report."""
    line = db.session.get(AttendanceLine, line_id)
    is_by_hand = line is not None and line.matched_by in {MatchedBy.NOBODY, MatchedBy.HAND}
    if line is None or line.report_id != report.id or not is_by_hand:
        return False
    matched = MatchedBy.NOBODY if registration_id is None else MatchedBy.HAND
    if (line.matched_by, line.registration_id) == (matched, registration_id or None):
        return False
    same = (AttendanceLine.name == line.name) & (AttendanceLine.email == line.email)
    db.session.execute(
        update(AttendanceLine)
        .where(
            AttendanceLine.report_id == report.id,
            same,
            AttendanceLine.matched_by == line.matched_by,
            AttendanceLine.registration_id.is_not_distinct_from(line.registration_id),
        )
        .values(registration_id=registration_id or None, matched_by=matched)
        .execution_options(synchronize_session="fetch")
    )
    return True
