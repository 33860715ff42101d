"""Scheduled meetings, who organises, who speaks, who comes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Base
from app.core.enums import Attribution, Visibility
from app.files.models import StoredFile
from app.network.models import City
from app.topics.models import Topic
from app.webinars.enums import (
    CancelSource,
    DatePrecision,
    PartStat,
    Recording,
    RegistrationState,
    SpeakerState,
    Status,
    Waiting,
)


class Series(Base):
    """Sessions that belong together, each a webinar with its own UID and registrations."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(150))
    description: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_demo: Mapped[bool] = mapped_column(default=False)


class Webinar(Base):
    """Local time and zone are the truth; `starts_at` and `ends_at` are computed from them.

    When only the year is known (`date_precision`), the four times are None and `year` is set.
    `sorts_at` orders the lists in every case. `uid` and `sequence` are RFC 5545's; `uid` never
    changes. `room_url` is shown by the join page alone. `changed_at` is set by changes that wait
    to be mailed (spec/calendar 2.5), `lock_version` grows with each edit.

    `zone_data` is the version of the zone data that `starts_at` was computed with. Of the fields
    of access None means that nobody said yet. `kept_per_city` seats stay free for each member
    city until `kept_until`. A template is a draft that is only copied.
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
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    postponed_at: Mapped[datetime | None]
    postpone_reason: Mapped[str] = mapped_column(Text, default="")
    restored_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # an organiser closed the room
    deleted_at: Mapped[datetime | None]  # a draft thrown away; it can be taken back for a day
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("series.id", ondelete="SET NULL"), index=True
    )
    copied_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("webinar.id", ondelete="SET NULL"), index=True
    )
    is_template: Mapped[bool] = mapped_column(default=False)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    waiting: Mapped[Waiting] = mapped_column(default=Waiting.AUTO)
    kept_per_city: Mapped[int | None]
    kept_until: Mapped[datetime | None]
    waitlisted_most: Mapped[int] = mapped_column(default=0)  # at one time
    tells_late: Mapped[bool] = mapped_column(default=False)  # mail "it has started"
    armed_for: Mapped[datetime | None]  # the start that reminders were planned for
    zone_data: Mapped[str] = mapped_column(String(20), default="")
    has_captions: Mapped[bool | None]
    has_sign_language: Mapped[bool | None]
    sign_language: Mapped[str] = mapped_column(String(200), default="")
    has_interpretation: Mapped[bool | None]
    interpretation: Mapped[str] = mapped_column(String(200), default="")
    plain_summary: Mapped[str] = mapped_column(String(1000), default="")
    access_contact: Mapped[str] = mapped_column(String(254), default="")

    topic: Mapped[Topic | None] = relationship()
    series: Mapped[Series | None] = relationship()
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
    carries_actions: Mapped[bool] = mapped_column(default=False)  # open ones of earlier sessions

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
    state: Mapped[SpeakerState] = mapped_column(default=SpeakerState.LISTED)
    bio: Mapped[str] = mapped_column(String(2000), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")  # on the run sheet only
    access_needs: Mapped[str] = mapped_column(String(500), default="")
    may_record: Mapped[bool | None]
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    consented_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(8), default="")
    timezone: Mapped[str] = mapped_column(String(40), default="")
    slides_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    shares_slides: Mapped[bool] = mapped_column(default=False)  # with who came, from the start on
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    last_mailed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship(back_populates="speakers")
    slides: Mapped[StoredFile | None] = relationship()


class WebinarOrganiser(Base):
    """Whoever created it owns it; the others have the same rights on this event only."""

    __tablename__ = "webinar_organiser"

    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_owner: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship(back_populates="organisers")
    user: Mapped[User] = relationship()


class Registration(Base):
    """A person's place at a webinar, one per address. `token` opens it without an account.

    `ics_…` say what this person's calendar was last told; `partstat` is their answer, `reply_…`
    the newest that came by calendar (RFC 5546 section 2.1.5). `is_reply_stale`: it was given for
    an earlier time. `last_mailed_at` is any mail of this webinar.
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
    joined_at: Mapped[datetime | None]  # the first click on the join page
    attended: Mapped[bool | None]  # what ticks and reports say; None: they say nothing
    minutes_attended: Mapped[int | None]  # by reports
    is_excused: Mapped[bool] = mapped_column(default=False)  # said that they cannot come
    gave_feedback: Mapped[bool] = mapped_column(default=False)
    opened_summary: Mapped[bool] = mapped_column(default=False)  # by a link of ours, so "reached"
    priority: Mapped[int] = mapped_column(default=0)
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reject_reason: Mapped[str] = mapped_column(String(500), default="")
    offered_at: Mapped[datetime | None]
    offered_until: Mapped[datetime | None]
    last_mailed_at: Mapped[datetime | None]
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    reply_sequence: Mapped[int | None]
    reply_dtstamp: Mapped[datetime | None]
    reply_comment: Mapped[str] = mapped_column(String(1000), default="")
    is_reply_stale: Mapped[bool] = mapped_column(default=False)
    replied_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    city: Mapped[City | None] = relationship()
