"""Who was there: organisers' ticks, and reports of the room's provider."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.attendance.enums import MatchedBy, ReportKind
from app.core.db import Base
from app.webinars.models import Registration


class AttendanceMark(Base):
    """What an organiser says of one person; it counts more than clicks and reports."""

    __tablename__ = "attendance_mark"

    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True
    )
    was_there: Mapped[bool]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    marked_at: Mapped[datetime]


class AttendanceReport(Base):
    """One file that was read. With `undone_at` none of its lines counts."""

    __tablename__ = "attendance_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ReportKind]
    file_name: Mapped[str] = mapped_column(String(200))
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    imported_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    lines: Mapped[list[AttendanceLine]] = relationship(
        back_populates="report", order_by="AttendanceLine.id", cascade="all, delete-orphan"
    )


class AttendanceLine(Base):
    """One stay of one person as the report tells it; several of one person are added up once.

    Deleted with the registrations' answers, twelve months after the webinar.
    """

    __tablename__ = "attendance_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        ForeignKey("attendance_report.id", ondelete="CASCADE"), index=True
    )
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="SET NULL"), index=True
    )
    matched_by: Mapped[MatchedBy] = mapped_column(default=MatchedBy.NOBODY)
    name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    joined_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    minutes: Mapped[int | None]

    report: Mapped[AttendanceReport] = relationship(back_populates="lines")
    registration: Mapped[Registration | None] = relationship()


class AttendanceUpload(Base):
    """A file that was sent and is looked at before it counts. Kept for a day at most."""

    __tablename__ = "attendance_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
