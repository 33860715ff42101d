"""How far one reader is in a thread, and what of their own stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, false, func, null, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.queries import reader_counts
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable, written_by_others
from app.forum.reader_models import ThreadRead


@dataclass(frozen=True)
class Reading:
    """How far the viewer is. `last_read` None: never opened. Numbers are post numbers."""

    last_read: int | None = None
    level: FollowLevel = FollowLevel.NORMAL
    last_visit_at: datetime | None = None
    first_unread: int | None = None
    unread_count: int = 0

    @property
    def is_following(self) -> bool:
        return self.level in {FollowLevel.FOLLOWING, FollowLevel.LOUD}


@dataclass(frozen=True)
class DraftThere:
    """The reply this person has begun."""

    fields: dict[str, str]
    sequence: int


def reading_of(values: Sequence[Any]) -> Reading:
    last_read, level, last_visit_at, first_unread, unread_count = values
    return Reading(
        last_read, level or FollowLevel.NORMAL, last_visit_at, first_unread, unread_count or 0
    )


def draft_there(fields: dict[str, str] | None, sequence: int | None) -> DraftThere | None:
    return None if fields is None or sequence is None else DraftThere(fields, sequence)


def my_first(viewer: User | None) -> Any:
    if viewer is None:
        return null()
    mine = (Post.thread_id == Thread.id, Post.author_id == viewer.id, Post.number > 1)
    first = select(func.min(Post.number)).where(*mine, post_is_readable())
    return first.correlate(Thread).scalar_subquery()


def city_count(viewer: User | None) -> Any:
    """From how many cities people have read: for members, and never who."""
    if viewer is None or not viewer.is_approved:
        return null()
    reader = aliased(ThreadRead)
    return (
        select(func.count(reader.city_id.distinct()))
        .where(reader.thread_id == Thread.id, reader.city_id.is_not(None))
        .where(reader_counts(reader.user_id))
        .correlate(Thread)
        .scalar_subquery()
    )


def reading_columns(viewer: User | None) -> tuple[Any, ...]:
    unread = (
        Post.thread_id == Thread.id,
        Post.number > func.coalesce(ThreadRead.last_read, 0),
        written_by_others(viewer) if viewer else false(),
    )
    first = select(func.min(Post.number)).where(*unread).correlate(Thread, ThreadRead)
    counted = select(func.count()).select_from(Post).where(*unread)  # in the index; ids are not
    count = counted.correlate(Thread, ThreadRead)
    # Whoever never opened the thread is told nothing of how much is new.
    opened = ThreadRead.last_read > 0
    return (
        ThreadRead.last_read,
        ThreadRead.level,
        ThreadRead.last_visit_at,
        first.scalar_subquery(),
        case((opened, count.scalar_subquery()), else_=0),
    )
