"""Rows of attendance, for those who may manage the webinar: callers make sure of that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Select, select

from app.attendance.models import (
    AttendanceLine,
    AttendanceMark,
    AttendanceReport,
    AttendanceUpload,
)
from app.core.clock import utcnow
from app.core.db import db
from app.webinars.models import Registration

UPLOADS_KEPT = timedelta(days=1)


def one_upload(webinar_id: int, upload_id: int, sender_id: int) -> Select[AttendanceUpload]:
    """Only whoever sent it looks at it."""
    return select(AttendanceUpload).where(
        AttendanceUpload.id == upload_id,
        AttendanceUpload.webinar_id == webinar_id,
        AttendanceUpload.sent_by_id == sender_id,
        AttendanceUpload.sent_at > utcnow() - UPLOADS_KEPT,
    )


def one_report(webinar_id: int, report_id: int) -> Select[AttendanceReport]:
    mine = AttendanceReport.webinar_id == webinar_id
    return select(AttendanceReport).where(AttendanceReport.id == report_id, mine)


def reports_at(webinar_id: int) -> Select[AttendanceReport]:
    """Also those that were undone, the newest first."""
    mine = AttendanceReport.webinar_id == webinar_id
    return select(AttendanceReport).where(mine).order_by(AttendanceReport.id.desc())


def mark_of(registration_id: int) -> AttendanceMark | None:
    mine = AttendanceMark.registration_id == registration_id
    return db.session.scalars(select(AttendanceMark).where(mine)).first()


def marks_of(ids: Collection[int]) -> dict[int, AttendanceMark]:
    marks = select(AttendanceMark).where(AttendanceMark.registration_id.in_(ids))
    return {mark.registration_id: mark for mark in db.session.scalars(marks)}


def marks_at(webinar_id: int) -> Select[AttendanceMark]:
    return (
        select(AttendanceMark)
        .join(Registration, Registration.id == AttendanceMark.registration_id)
        .where(Registration.webinar_id == webinar_id)
    )


Reports = list[list[AttendanceLine]]
"""Lines, those of each report by themselves."""


def lines_that_count(webinar_id: int, ids: Collection[int]) -> dict[int, Reports]:
    """By registration; nothing of a report that is undone."""
    lines = (
        select(AttendanceLine)
        .join(AttendanceReport, AttendanceReport.id == AttendanceLine.report_id)
        .where(
            AttendanceReport.webinar_id == webinar_id,
            AttendanceReport.undone_at.is_(None),
            AttendanceLine.registration_id.in_(ids),
        )
        .order_by(AttendanceLine.report_id, AttendanceLine.id)
    )
    found: dict[int, dict[int, list[AttendanceLine]]] = defaultdict(lambda: defaultdict(list))
    for line in db.session.scalars(lines):
        found[line.registration_id or 0][line.report_id].append(line)
    return {person: list(reports.values()) for person, reports in found.items()}


def reported_at(webinar_id: int) -> set[int]:
    """The registrations that reports which count speak of."""
    named = (
        select(AttendanceLine.registration_id)
        .join(AttendanceReport, AttendanceReport.id == AttendanceLine.report_id)
        .where(
            AttendanceReport.webinar_id == webinar_id,
            AttendanceReport.undone_at.is_(None),
            AttendanceLine.registration_id.is_not(None),
        )
        .distinct()
    )
    return {one for one in db.session.scalars(named) if one is not None}


def is_noted(webinar_id: int) -> bool:
    """Whether organisers ticked anybody or a report counts."""
    report = select(AttendanceReport.id).where(
        AttendanceReport.webinar_id == webinar_id, AttendanceReport.undone_at.is_(None)
    )
    tick = marks_at(webinar_id).with_only_columns(AttendanceMark.registration_id)
    return bool(db.session.scalar(select(report.exists() | tick.exists())))


def people_in(report: AttendanceReport) -> Sequence[int]:
    """The registrations that a report speaks of."""
    named = select(AttendanceLine.registration_id).where(
        AttendanceLine.report_id == report.id, AttendanceLine.registration_id.is_not(None)
    )
    return sorted({one for one in db.session.scalars(named.distinct()) if one is not None})
