"""Scheduled meetings, who organises, who speaks, who comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base
from app.core.enums import Attribution, Visibility
from app.network.models import City
from app.topics.models import Topic
from app.webinars.enums import (
    CancelSource,
    DatePrecision,
    PartStat,
    Recording,
    RegistrationState,
    Status,
)


class Webinar(Base):
    """Local time and zone are the truth; `starts_at` and `ends_at` are computed from them.

    When only the year is known (`date_precision`), the four times are None and `year` is set.
    `sorts_at` orders the lists in every case. `uid` and `sequence` are RFC 5545's; `uid` never
    changes. `room_url` is shown by the join page alone. `changed_at` is set by changes that wait
    to be mailed (spec/calendar 2.5), `lock_version` grows with each edit.
    """

    __tablename__ = "webinar"
    __table_args__ = (Index("ix_webinar_status_sorts", "status", "sorts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[Status] = mapped_column(default=Status.DRAFT)
    title: Mapped[str] = mapped_column(String(150))
    description: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    attribution: Mapped[Attribution] = mapped_column(default=Attribution.OPEN)
    tzid: Mapped[str] = mapped_column(String(40))
    start_local: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    end_local: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    date_precision: Mapped[DatePrecision] = mapped_column(default=DatePrecision.MINUTE)
    year: Mapped[int | None]
    sorts_at: Mapped[datetime]
    capacity: Mapped[int | None]  # None: no limit
    room_url: Mapped[str] = mapped_column(String(500), default="")
    recording: Mapped[Recording] = mapped_column(default=Recording.NONE)
    captions: Mapped[str] = mapped_column(String(200), default="")  # languages of live captions
    asks_access_needs: Mapped[bool] = mapped_column(default=True)
    host_label: Mapped[str] = mapped_column(String(200), default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    remark: Mapped[str] = mapped_column(
        Text, default=""
    )  # what a reader should know about the record
    cancel_reason: Mapped[str] = mapped_column(Text, default="")
    lock_version: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    topic: Mapped[Topic | None] = relationship()
    agenda: Mapped[list[AgendaItem]] = relationship(
        back_populates="webinar", order_by="AgendaItem.position", cascade="all, delete-orphan"
    )
    speakers: Mapped[list[Speaker]] = relationship(
        back_populates="webinar", order_by="Speaker.position", cascade="all, delete-orphan"
    )
    organisers: Mapped[list[WebinarOrganiser]] = relationship(
        back_populates="webinar", cascade="all, delete-orphan"
    )


class AgendaItem(Base):
    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int | None]
    detail: Mapped[str] = mapped_column(String(500), default="")

    webinar: Mapped[Webinar] = relationship(back_populates="agenda")


class Speaker(Base):
    """Somebody who speaks, with an account (`user_id`) or without (`email` and a token)."""

    __tablename__ = "speaker"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(120))
    affiliation: Mapped[str] = mapped_column(String(160), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    token: Mapped[str] = mapped_column(String(64), unique=True)

    webinar: Mapped[Webinar] = relationship(back_populates="speakers")


class WebinarOrganiser(Base):
    __tablename__ = "webinar_organiser"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    webinar: Mapped[Webinar] = relationship(back_populates="organisers")
    user: Mapped[User] = relationship()


class Registration(Base):
    """A person's place at a webinar, one per address. `token` opens it without an account.

    `ics_…` say what this person's calendar was last told; `partstat` is their answer.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("webinar_id", "email"),
        Index("ix_registration_webinar_state", "webinar_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(ForeignKey("webinar.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str] = mapped_column(String(254))  # lower case
    name: Mapped[str] = mapped_column(String(120))
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id", ondelete="SET NULL"))
    city_label: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(40))
    state: Mapped[RegistrationState]
    cancel_source: Mapped[CancelSource | None]
    token: Mapped[str] = mapped_column(String(64), unique=True)
    access_needs: Mapped[str] = mapped_column(String(500), default="")
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    is_listed: Mapped[bool] = mapped_column(default=False)
    partstat: Mapped[PartStat] = mapped_column(default=PartStat.NEEDS_ACTION)
    ics_last_sequence: Mapped[int | None]
    ics_last_method: Mapped[str | None] = mapped_column(String(10))
    ics_last_sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]  # decides the place on the waiting list
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()
    user: Mapped[User | None] = relationship()
    city: Mapped[City | None] = relationship()
