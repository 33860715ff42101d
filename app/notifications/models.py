"""What is new for each person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.notifications.enums import NoticeKind


class Notice(Base):
    """One line of somebody's notices. `key` makes a second one for the same fact impossible.

    Notices of a followed thread are one row until it is read: `first_number` to `last_number`,
    `count` posts. Names and titles are never stored: they are looked up through the reader's own
    visibility when the line is shown.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notice_user_read", "user_id", "read_at", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[NoticeKind]
    key: Mapped[str] = mapped_column(String(80))
    thread_id: Mapped[int | None] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), index=True
    )
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    webinar_id: Mapped[int | None] = mapped_column(
        ForeignKey("webinar.id", ondelete="CASCADE"), index=True
    )
    first_number: Mapped[int | None]
    last_number: Mapped[int | None]
    count: Mapped[int] = mapped_column(default=1)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class SkippedNotice(Base):
    """Somebody who would have been told and was not, and why (spec/forum I7)."""

    __tablename__ = "skipped_notice"
    __table_args__ = (UniqueConstraint("user_id", "post_id", "kind", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int | None] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[NoticeKind]
    reason: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
