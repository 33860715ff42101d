"""What belongs to a place at a webinar: questions, consents, hand-overs, answers by calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.webinars.enums import ConsentKind, FeedKind, PartStat, QuestionKind, TransferSource


class RegistrationQuestion(Base):
    """What an organiser asks whoever registers. `choices` is a list of words.

    With `ended_at` it is asked no longer; what people answered stays readable.
    """

    __tablename__ = "registration_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    kind: Mapped[QuestionKind] = mapped_column(default=QuestionKind.TEXT)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    is_required: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]


class RegistrationAnswer(Base):
    """Deleted twelve months after the webinar (spec/webinars 6.1)."""

    __tablename__ = "registration_answer"
    __table_args__ = (UniqueConstraint("registration_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(
        ForeignKey("registration_question.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(String(1000))

    question: Mapped[RegistrationQuestion] = relationship()


class Consent(Base):
    """One answer of one person to one text; a newer row replaces it, none is changed."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[ConsentKind]
    version: Mapped[str] = mapped_column(String(20))
    is_given: Mapped[bool]
    at: Mapped[datetime]


class SeatTransfer(Base):
    """A seat offered to a colleague, who has it once `token` is used before `expires_at`."""

    __tablename__ = "seat_transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    to_email: Mapped[str] = mapped_column(String(254))  # lower case
    to_name: Mapped[str] = mapped_column(String(120), default="")
    source: Mapped[TransferSource]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # called back, or replaced by another


class UnverifiedReply(Base):
    """An answer by calendar whose sender is not proven; `token` lets the person confirm it."""

    __tablename__ = "unverified_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    partstat: Mapped[PartStat]
    sequence: Mapped[int]
    dtstamp: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    delegate: Mapped[str] = mapped_column(String(254), default="")
    token: Mapped[str] = mapped_column(String(64), unique=True)
    received_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]


class CounterProposal(Base):
    """Another time that somebody proposed by calendar (RFC 5546 section 3.2.7)."""

    __tablename__ = "counter_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE"), index=True
    )
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    received_at: Mapped[datetime]


class ChecklistTick(Base):
    """A line of the organisers' checklist that only people can know to be done."""

    __tablename__ = "checklist_tick"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class CalendarKey(Base):
    """The right to read one calendar of one person. A new `serial` ends the old address (410)."""

    __tablename__ = "calendar_key"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[FeedKind] = mapped_column(primary_key=True)
    serial: Mapped[int]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
