"""People of a report whom nobody knew, and what an organiser says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select, update

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


@dataclass(frozen=True)
class Unknown:
    """One person of a report by name and address; `line_id` is the first of their lines.

    `registration_id` NOT_OURS: an organiser said so. None: nobody said anything.
    """

    line_id: int
    name: str
    email: str
    stays: int
    registration_id: int | None


def unknown_in(report: AttendanceReport) -> Select[tuple[int, str, str, int, int | None]]:
    """Who was not found by address or name, each once: also those assigned by hand."""
    line = AttendanceLine
    by_hand = line.matched_by.in_([MatchedBy.NOBODY, MatchedBy.HAND])
    return (
        select(
            func.min(line.id), line.name, line.email, func.count(), func.max(line.registration_id)
        )
        .where(line.report_id == report.id, by_hand)
        .group_by(line.name, line.email, line.matched_by)
        .order_by(func.min(line.id))
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
        )
        .values(registration_id=registration_id or None, matched_by=matched)
        .execution_options(synchronize_session="fetch")
    )
    return True
