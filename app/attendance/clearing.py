"""What reports tell of people is kept only as long as it is needed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from app.attendance.correcting import LINES_KEPT, NAMES_KEPT
from app.attendance.models import AttendanceLine, AttendanceReport, AttendanceUpload
from app.attendance.queries import UPLOADS_KEPT
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Attribution
from app.webinars.models import Webinar
from app.webinars.queries import ended_before


def forget_lines() -> None:
    """A year after a webinar; two weeks after one under the Chatham House Rule.

    Who came, and how many minutes, stays with the registration.
    """
    now = utcnow()
    _forget(ended_before(now - LINES_KEPT))
    chatham = Webinar.attribution == Attribution.CHATHAM_HOUSE
    _forget(ended_before(now - NAMES_KEPT).where(chatham))


def forget_uploads() -> None:
    """Files that were looked at and never saved."""
    old = AttendanceUpload.sent_at < utcnow() - UPLOADS_KEPT
    _run(delete(AttendanceUpload).where(old))


def _forget(webinars: Any) -> None:
    reports = select(AttendanceReport.id).where(AttendanceReport.webinar_id.in_(webinars))
    _run(delete(AttendanceLine).where(AttendanceLine.report_id.in_(reports)))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
