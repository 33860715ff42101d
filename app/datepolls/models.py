"""When shall we meet: candidate slots of a draft webinar, and who can come to which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.datepolls.enums import Vote
from app.webinars.models import Webinar


class DatePoll(Base):
    """Asked of the people who may see the webinar once it is published. One at a time each."""

    __tablename__ = "date_poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), unique=True
    )
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    remark: Mapped[str] = mapped_column(String(1000), default="")
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    chosen_slot_id: Mapped[int | None]
    created_at: Mapped[datetime]

    webinar: Mapped[Webinar] = relationship()
    slots: Mapped[list[PollSlot]] = relationship(
        back_populates="poll", order_by="PollSlot.starts_at", cascade="all, delete-orphan"
    )


class PollSlot(Base):
    """Local time and zone are the truth, as with webinars."""

    __tablename__ = "poll_slot"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"), index=True)
    tzid: Mapped[str] = mapped_column(String(40))
    start_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    end_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    poll: Mapped[DatePoll] = relationship(back_populates="slots")


class PollVote(Base):
    """One person's answer to one slot; `city_id` is the city they spoke for then."""

    __tablename__ = "poll_vote"
    __table_args__ = (UniqueConstraint("slot_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("poll_slot.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id", ondelete="SET NULL"))
    value: Mapped[Vote]
    at: Mapped[datetime]
