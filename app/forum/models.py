"""Threads, posts and who has read them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Seat, User
from app.core.db import Base
from app.core.enums import Attribution, Visibility
from app.forum.enums import FollowLevel, Standing, ThreadKind
from app.topics.models import Topic


class Thread(Base):
    """A conversation in a topic. Never wider than its topic: both visibilities must allow.

    `last_number` is the highest post number ever given; numbers never change.
    """

    __tablename__ = "thread"
    __table_args__ = (Index("ix_thread_topic_last", "topic_id", "last_post_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(150))
    kind: Mapped[ThreadKind] = mapped_column(default=ThreadKind.DISCUSSION)
    language: Mapped[str] = mapped_column(String(8))
    attribution: Mapped[Attribution] = mapped_column(default=Attribution.OPEN)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.PUBLIC)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    reply_count: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime] = mapped_column(index=True)
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    accepted_number: Mapped[int | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    is_locked: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    topic: Mapped[Topic] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    seat: Mapped[Seat | None] = relationship()


class Post(Base):
    """`body` is Markdown, `html` what `core.markup` made of it when it was saved."""

    __tablename__ = "post"
    __table_args__ = (UniqueConstraint("thread_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="SET NULL"), index=True
    )
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    standing: Mapped[Standing] = mapped_column(default=Standing.STAFF)
    language: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]  # version of core.markup that made the HTML
    revision: Mapped[int] = mapped_column(default=1)
    reply_to: Mapped[int | None]  # number of the post it answers
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    thread: Mapped[Thread] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    seat: Mapped[Seat | None] = relationship()


class PostRevision(Base):
    """What a post said before an edit; revision 1 is the first text. Never changed."""

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    revision: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(200), default="")
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


class ThreadRead(Base):
    """How far a person has read a thread, and how they follow it (spec/forum 5.3, 5.4)."""

    __tablename__ = "thread_read"
    __table_args__ = (Index("ix_thread_read_user_level", "user_id", "level"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    last_read: Mapped[int] = mapped_column(default=0)
    level: Mapped[FollowLevel] = mapped_column(default=FollowLevel.NORMAL)
    last_visit_at: Mapped[datetime | None]
