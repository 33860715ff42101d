"""A report of the room's provider: sent, looked at, saved, taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from app.accounts.models import User
from app.attendance.adding_up import Span, is_inside, span_of
from app.attendance.correcting import check_open, recount
from app.attendance.enums import MatchedBy
from app.attendance.errors import ColumnsUnknown, DayOrderUnknown, OtherMeeting
from app.attendance.matching import Found, people_of
from app.attendance.models import AttendanceLine, AttendanceReport, AttendanceUpload
from app.attendance.presence import people_with_a_place
from app.attendance.queries import people_in
from app.attendance.reading.decoding import rows_of, text_of
from app.attendance.reading.layout import layout_of
from app.attendance.reading.report import Choices, Understood, understood
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.forms import tidy
from app.core.rate_limit import HOUR, Allowance, spend
from app.core.zones import to_local
from app.webinars import seats
from app.webinars.models import Webinar

UPLOADS = Allowance(60, HOUR)
LONGEST_FILE_NAME = 200


@dataclass(frozen=True)
class Preview:
    """What would be saved."""

    read: Understood
    people: list[Found]
    span: Span | None

    def matched(self, by: MatchedBy) -> list[Found]:
        return [one for one in self.people if one.matched_by == by]


def read_file(content: bytes) -> str:
    """Slow: do it before the transaction. Raise what a person can mend."""
    text = text_of(content)
    layout_of(rows_of(text))
    return text


def keep_upload(webinar: Webinar, file_name: str, text: str, actor: User) -> AttendanceUpload:
    """Until it is saved, or for a day. What the same person sent before goes."""
    spend("attendance_upload", f"user:{actor.id}", UPLOADS)
    webinar = seats.hold(webinar.id)
    check_open(webinar)
    mine = (AttendanceUpload.webinar_id == webinar.id) & (AttendanceUpload.sent_by_id == actor.id)
    db.session.execute(delete(AttendanceUpload).where(mine))
    name = " ".join(tidy(file_name).split())[:LONGEST_FILE_NAME]
    upload = AttendanceUpload(
        webinar_id=webinar.id, sent_by_id=actor.id, file_name=name, content=text, sent_at=utcnow()
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def choices_for(webinar: Webinar, tzid: str) -> Choices:
    """What is known before anybody says anything."""
    day = to_local(webinar.starts_at, tzid).date() if webinar.starts_at else None
    return Choices(tzid, day)


def read_upload(upload: AttendanceUpload, choices: Choices) -> Understood:
    """Slow: do it before the transaction. Raise NotAReport when the columns hold nobody."""
    return understood(upload.content, choices)


def preview(webinar: Webinar, read: Understood) -> Preview:
    """What it means for the list as it is now."""
    span = span_of(webinar)
    registered = db.session.scalars(people_with_a_place(webinar)).all()
    return Preview(read, people_of(read.stays, registered, span), span)


def check(seen: Preview, *, columns_are_right: bool) -> None:
    """Raise DayOrderUnknown, ColumnsUnknown or OtherMeeting."""
    if seen.read.asks_order and seen.read.order is None:
        raise DayOrderUnknown
    if not seen.read.is_sure and not columns_are_right:
        raise ColumnsUnknown
    span = seen.span
    if span and not any(is_inside(stay, span) for stay in seen.read.stays):
        raise OtherMeeting


def save(
    webinar: Webinar, upload: AttendanceUpload, seen: Preview, same: Collection[int], actor: User
) -> AttendanceReport:
    """Keep every line; `same` are the people, by number, whose name is that of the list.

    Callers checked the preview inside the same transaction.
    """
    webinar = seats.hold(webinar.id)
    check_open(webinar)
    report = AttendanceReport(
        webinar_id=webinar.id,
        kind=seen.read.kind,
        file_name=upload.file_name,
        imported_by_id=actor.id,
        imported_at=utcnow(),
    )
    db.session.add(report)
    db.session.flush()
    rows = [row for one in seen.people for row in _rows(report, one, one.number in same)]
    if rows:
        db.session.execute(insert(AttendanceLine), rows)
    db.session.delete(upload)
    recount(webinar, people_in(report))
    record(actor.id, "attendance.import", f"webinar:{webinar.id}", lines=len(rows))
    return report


def undo(webinar: Webinar, report: AttendanceReport, actor: User) -> None:
    """None of its lines counts any more. Twice is once."""
    _turn(webinar, report, actor, is_undone=True)


def redo(webinar: Webinar, report: AttendanceReport, actor: User) -> None:
    _turn(webinar, report, actor, is_undone=False)


def _turn(webinar: Webinar, report: AttendanceReport, actor: User, *, is_undone: bool) -> None:
    webinar = seats.hold(webinar.id)
    check_open(webinar)
    db.session.refresh(report)
    if (report.undone_at is not None) == is_undone:
        return
    report.undone_at = utcnow() if is_undone else None
    db.session.flush()
    recount(webinar, people_in(report))
    act = "attendance.undo_import" if is_undone else "attendance.redo_import"
    record(actor.id, act, f"webinar:{webinar.id}", report=report.id)


def _rows(report: AttendanceReport, person: Found, is_same: bool) -> list[dict[str, object]]:
    by_name = person.matched_by == MatchedBy.NAME
    is_known = person.registration is not None and (is_same or not by_name)
    return [
        {
            "report_id": report.id,
            "registration_id": person.registration.id if person.registration and is_known else None,
            "matched_by": person.matched_by if is_known else MatchedBy.NOBODY,
            "name": stay.name,
            "email": stay.email,
            "joined_at": stay.joined_at,
            "left_at": stay.left_at,
            "minutes": stay.minutes,
        }
        for stay in person.stays
    ]


def lock_upload(upload: AttendanceUpload) -> AttendanceUpload | None:
    """Whoever presses twice finds it gone the second time."""
    mine = locked(select(AttendanceUpload).where(AttendanceUpload.id == upload.id))
    return db.session.scalars(mine).first()
