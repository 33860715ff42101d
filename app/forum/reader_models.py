"""What single readers of threads leave: marks, levels, responses, bookmarks, mentions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.forum.enums import FollowLevel, ResponseKind


class PostResponse(Base):
    """ "Helpful", "Same in our city", "We will try this": one of each kind a person and post.

    `city_id` is the city the person sat for when they pressed it.
    """

    __tablename__ = "post_response"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[ResponseKind] = mapped_column(primary_key=True)
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
    created_at: Mapped[datetime]


class Bookmark(Base):
    """A post somebody keeps for later, with a note of their own."""

    __tablename__ = "bookmark"
    __table_args__ = (UniqueConstraint("user_id", "post_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Mention(Base):
    """A person named in a post."""

    __tablename__ = "mention"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CityMention(Base):
    """A city named in a post: its people are told."""

    __tablename__ = "city_mention"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    city_id: Mapped[int] = mapped_column(ForeignKey("city.id"), primary_key=True, index=True)


class TopicReading(Base):
    """How a person follows a topic, and up to when they marked all of it as read."""

    __tablename__ = "topic_reading"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[FollowLevel] = mapped_column(default=FollowLevel.NORMAL)
    marked_at: Mapped[datetime | None]


class Marking(Base):
    """What a person's marks were before they marked much as read at once, so that they can undo it.

    `threads` maps an id to [number before, number since], `topics` an id to the moment before.
    One a person: the next marking takes its place.
    """

    __tablename__ = "marking"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
    threads: Mapped[dict[str, Any]] = mapped_column(default=dict)
    topics: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ThreadRead(Base):
    """How far a person has read a thread, and how they follow it (spec/forum 5.3, 5.4).

    `city_id` is the reader's city, for "read in 5 cities"; None for who does not want to count.
    """

    __tablename__ = "thread_read"
    __table_args__ = (
        Index("ix_thread_read_user_level", "user_id", "level"),
        Index("ix_thread_read_thread_city", "thread_id", "city_id", "user_id"),
    )

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True
    )
    last_read: Mapped[int] = mapped_column(default=0)
    level: Mapped[FollowLevel] = mapped_column(default=FollowLevel.NORMAL)
    last_visit_at: Mapped[datetime | None]
    city_id: Mapped[int | None] = mapped_column(ForeignKey("city.id"))
