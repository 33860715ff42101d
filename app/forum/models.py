"""Threads, posts and what was done to them. What belongs to readers is in `reader_models`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Seat, User
from app.core.db import Base
from app.core.enums import Attribution, Visibility
from app.files.models import StoredFile
from app.forum.enums import EventKind, Standing, ThreadKind
from app.topics.models import Topic

MERGED = text("merged_into_id IS NOT NULL")
"""Few are. An index that had the others too would seem the way to all threads that are not."""


def _list_index(name: str, *columns: str, only: str = "") -> Index:
    """The order of a list with all that decides who reads a row: pages are found in it alone."""
    is_there = "deleted_at IS NULL AND merged_into_id IS NULL"
    where = text(f"{is_there} AND ({only})" if only else is_there)
    reached = [one for one in ("id", "topic_id", "visibility", "group_id") if one not in columns]
    columns = (*columns, *reached)
    return Index(f"ix_thread_list_{name}", *columns, sqlite_where=where, postgresql_where=where)


def _state_index(name: str) -> Index:
    """The few that are so, worded as `choosing.in_state` asks for them."""
    sqlite, postgresql = (text(f"is_{name} IS {true}") for true in ("1", "true"))
    name = f"ix_thread_{name}"
    return Index(name, "last_post_at", sqlite_where=sqlite, postgresql_where=postgresql)


class Thread(Base):
    """A conversation in a topic. Never wider than its topic: both visibilities must allow.

    `last_number` is the highest post number ever given; a number is never given again.
    `reply_count`, `last_post_at` and `last_author_id` count posts that can be read: replies that
    are neither deleted nor hidden. A merged thread is an empty shell whose addresses lead on.
    `answers_by` is the end of a time-boxed question, `keeper_id` who looks after the thread
    since its author handed over.
    """

    __tablename__ = "thread"
    __table_args__ = (
        _list_index("last", "last_post_at"),
        _list_index("topic", "topic_id", "is_pinned", "last_post_at"),
        _list_index("created", "created_at", "author_id"),
        _list_index("replies", "reply_count", "last_post_at"),
        _list_index(
            "waiting", "last_post_at", only="reply_count = 0 OR last_author_id = author_id"
        ),
        _list_index("place", "topic_id", "visibility", "group_id", "last_post_at", only="id > 0"),
        _list_index("solved", "last_post_at", only="accepted_number IS NOT NULL"),
        _state_index("locked"),
        _state_index("pinned"),
        Index(
            "ix_thread_merged_into_id",
            "merged_into_id",
            sqlite_where=MERGED,
            postgresql_where=MERGED,
        ),
    )

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
    last_post_at: Mapped[datetime]
    last_author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    accepted_number: Mapped[int | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    is_locked: Mapped[bool] = mapped_column(default=False)
    answers_by: Mapped[datetime | None]
    consolidated_number: Mapped[int | None]
    overview_revision: Mapped[int] = mapped_column(default=0)  # 0: nobody wrote one
    event_count: Mapped[int] = mapped_column(default=0)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    deleted_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    topic: Mapped[Topic] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    seat: Mapped[Seat | None] = relationship()


READABLE = "deleted_at IS NULL AND hidden_at IS NULL"


class Post(Base):
    """`body` is Markdown, `html` what `core.markup` made of it when it was saved.

    Deleted by its author or hidden by a steward, a post keeps its number and shows no text.
    `purged_at`: the text of a deleted post is gone for good. A wiki post is open to all who reply.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        Index("ix_post_thread_reply_to", "thread_id", "reply_to"),
        Index("ix_post_author_thread", "author_id", "thread_id"),
        Index("ix_post_seat_thread", "seat_id", "thread_id"),
        Index("ix_post_seat_created", "seat_id", "created_at", "thread_id"),
        Index("ix_post_author_created", "author_id", "created_at"),
        Index("ix_post_created", "created_at"),
        # What is unread is counted here alone, also in threads of thousands of posts.
        Index(
            "ix_post_readable",
            *("thread_id", "number", "author_id"),
            sqlite_where=text(READABLE),
            postgresql_where=text(READABLE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    standing: Mapped[Standing] = mapped_column(default=Standing.STAFF)
    language: Mapped[str] = mapped_column(String(8))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]  # version of core.markup that made the HTML
    revision: Mapped[int] = mapped_column(default=1)
    reply_to: Mapped[int | None]  # number of the post it answers
    is_wiki: Mapped[bool] = mapped_column(default=False)
    file_count: Mapped[int] = mapped_column(default=0)
    response_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    purged_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    hidden_reason: Mapped[str] = mapped_column(String(200), default="")

    thread: Mapped[Thread] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    seat: Mapped[Seat | None] = relationship()


class PostRevision(Base):
    """What a post said before an edit; revision 1 is the first text.

    `reason` and `editor_id` belong to the edit that replaced this text. A hidden revision is read
    by stewards only; an erased one has no text any more. `files` lists names and alt texts.
    """

    __tablename__ = "post_revision"
    __table_args__ = (UniqueConstraint("post_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    revision: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    files: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    erased_at: Mapped[datetime | None]


class PostRedirect(Base):
    """Where a post went that had this number here before it was moved or merged away."""

    __tablename__ = "post_redirect"

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)


class ThreadEvent(Base):
    """Something done to a thread that its readers see between two posts.

    `details` holds ids and old and new values by kind, never names of what a reader may not see.
    """

    __tablename__ = "thread_event"
    __table_args__ = (Index("ix_thread_event_place", "thread_id", "after_number", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    kind: Mapped[EventKind]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    after_number: Mapped[int]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class ThreadOverview(Base):
    """ "Where this stands": each row one version, the highest revision is shown. Never changed."""

    __tablename__ = "thread_overview"
    __table_args__ = (UniqueConstraint("thread_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    revision: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    renderer: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    seat_id: Mapped[int | None] = mapped_column(ForeignKey("seat.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class Tag(Base):
    """A word that stewards offer for the threads of their topic."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("topic_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(40))
    names: Mapped[dict[str, str]]


class ThreadTag(Base):
    __tablename__ = "thread_tag"

    thread_id: Mapped[int] = mapped_column(
        ForeignKey("thread.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class PostFile(Base):
    """A file attached to a post; `position` starts at 0."""

    __tablename__ = "post_file"

    post_id: Mapped[int] = mapped_column(
        ForeignKey("post.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    file: Mapped[StoredFile] = relationship()
