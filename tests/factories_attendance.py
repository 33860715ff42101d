"""Attendance: reports as files, ticks and lines as rows."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models import User
from app.attendance import importing, ticking
from app.attendance.enums import MatchedBy, ReportKind
from app.attendance.models import AttendanceLine, AttendanceReport
from app.core.db import db, write
from app.webinars.models import Registration, Webinar
from tests.factories_registrations import at, make_registration
from tests.factories_webinars import make_webinar

REPORTS = Path(__file__).parent / "attendance" / "reports"
START, END = at("2026-11-18T09:00:00+00:00"), at("2026-11-18T10:15:00+00:00")  # ten in Brussels
AFTER = "2026-11-18T12:00:00+00:00"


def report_bytes(name: str) -> bytes:
    return (REPORTS / name).read_bytes()


def held_webinar(**changes: Any) -> Webinar:
    """From 10:00 to 11:15 in Brussels on 18 November 2026, as the reports have it."""
    webinar = make_webinar("Counting together", minutes=75, **changes)
    with write():
        webinar.starts_at = webinar.sorts_at = START
        webinar.ends_at = END
    return webinar


def officer(webinar: Webinar, **changes: Any) -> Registration:
    """Whom the reports know by address."""
    values = {"name": "Human rights officer", "email": "rights@graz.example", "city_label": "Graz"}
    return make_registration(webinar, **(values | changes))


def housing(webinar: Webinar, **changes: Any) -> Registration:
    """Whom most reports know by name only."""
    values = {"name": "Housing officer", "email": "housing@york.example", "city_label": "York"}
    return make_registration(webinar, **(values | changes))


def organiser_of(webinar: Webinar) -> User:
    return webinar.organisers[0].user


def send(browser: FlaskClient, webinar: Webinar, content: bytes, name: str = "report.csv") -> Any:
    form = {"report": (io.BytesIO(content), name)}
    return browser.post(f"/webinars/{webinar.id}/attendance/reports/new", data=form)


def make_report(webinar: Webinar, *lines: dict[str, Any], **changes: Any) -> AttendanceReport:
    """A saved report with lines as they are; nothing is recounted."""
    values: dict[str, Any] = {
        "webinar_id": webinar.id,
        "kind": ReportKind.ZOOM,
        "file_name": "report.csv",
        "imported_at": END,
    }
    with write() as session:
        report = AttendanceReport(**(values | changes))
        report.lines = [
            AttendanceLine(**({"matched_by": MatchedBy.EMAIL, "name": "", "email": ""} | line))
            for line in lines
        ]
        session.add(report)
    return report


def import_report(webinar: Webinar, name: str) -> AttendanceReport:
    """As an organiser sends and saves it, everybody with the same name confirmed."""
    actor = organiser_of(webinar)
    text = importing.read_file(report_bytes(name))
    with write():
        upload = importing.keep_upload(webinar, name, text, actor)
    choices = importing.choices_for(webinar, webinar.tzid)
    read = importing.read_upload(upload, choices)
    with write():
        seen = importing.preview(webinar, read)
        same = {one.number for one in seen.people}
        return importing.save(webinar, upload, seen, same, actor)


def tick(registration: Registration, was_there: bool | None) -> None:
    webinar = registration.webinar
    with write():
        ticking.tick(webinar, {registration.id: was_there}, organiser_of(webinar))
    db.session.refresh(registration)


def stayed(registration: Registration, minutes: int) -> AttendanceReport:
    """A report says that they were there so long, from the start."""
    line = {
        "registration_id": registration.id,
        "joined_at": START,
        "left_at": START + timedelta(minutes=minutes),
    }
    return make_report(registration.webinar, line)
