"""Lists of threads: one statement each, whatever their length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.core.pagination import Page
from app.core.slugs import slugify
from app.forum.byline import (
    Byline,
    LastAuthor,
    author_columns,
    byline,
    last_author_join,
    with_author,
)
from app.forum.enums import FollowLevel, Show, ThreadKind
from app.forum.models import Post, Thread
from app.forum.queries import is_author, read_by, thread_is_visible, written_by_others
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic

PAGE_SIZE = 30
NEW_FOR = timedelta(days=40)  # three weeks of leave plus the return (spec/forum 5.3)


@dataclass(frozen=True)
class ThreadRow:
    """One line of a list, in the order of `_rows`. Authors are None where names are withheld."""

    id: int
    title: str
    kind: ThreadKind
    language: str
    visibility: Visibility
    topic: Topic
    last_author: str | None
    reply_count: int
    created_at: datetime
    last_post_at: datetime
    is_solved: bool
    is_pinned: bool
    is_locked: bool
    is_followed: bool
    is_new: bool
    unread_count: int
    author: Byline | None

    @property
    def slug(self) -> str:
        return slugify(self.title)

    @property
    def is_unread(self) -> bool:
        return self.is_new or self.unread_count > 0


@dataclass(frozen=True)
class TopicCounts:
    """What one viewer finds in a topic."""

    thread_count: int = 0
    unread_count: int = 0
    last_post_at: datetime | None = None


def threads_in(viewer: User | None, topic: Topic, show: Show, number: int) -> Page:
    """A page of a topic's threads: pinned first, then the latest post first."""
    wanted = and_(Thread.topic_id == topic.id, _shown(viewer, show))
    count = db.session.scalar(_from_threads(viewer, select(func.count())).where(wanted)) or 0
    page_count = max(1, -(-count // PAGE_SIZE))
    number = min(number, page_count)
    newest = (Thread.is_pinned.desc(), Thread.last_post_at.desc(), Thread.id.desc())
    statement = _rows(viewer).where(wanted).order_by(*newest)
    rows = db.session.execute(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([_thread_row(row) for row in rows], number, page_count)


def latest_threads(
    viewer: User | None, most: int, condition: ColumnElement[bool] | None = None
) -> list[ThreadRow]:
    """The threads with the latest posts anywhere the viewer reads, optionally fewer of them."""
    statement = _rows(viewer).order_by(Thread.last_post_at.desc(), Thread.id.desc()).limit(most)
    if condition is not None:
        statement = statement.where(condition)
    return [_thread_row(row) for row in db.session.execute(statement)]


def threads_anywhere(viewer: User | None, show: Show, most: int) -> list[ThreadRow]:
    """The latest threads of all topics, of one kind of list."""
    return latest_threads(viewer, most, _shown(viewer, show))


def feed_of(topic: Topic) -> list[tuple[ThreadRow, str]]:
    """The newest threads of a topic that anyone may read, each with its opening post's HTML."""
    opening = and_(Post.thread_id == Thread.id, Post.number == 1)
    statement = (
        _rows(None)
        .join(Post, opening)
        .add_columns(Post.html)
        .where(Thread.topic_id == topic.id)
        .order_by(Thread.last_post_at.desc(), Thread.id.desc())
        .limit(PAGE_SIZE)
    )
    return [(_thread_row(row[:-1]), row[-1]) for row in db.session.execute(statement)]


def counts_by_topic(viewer: User | None) -> dict[int, TopicCounts]:
    """Threads, unread threads and the latest post per topic, of what the viewer may read."""
    unread = func.count().filter(_shown(viewer, Show.NEW))
    last = func.max(Thread.last_post_at)
    columns: tuple[Any, ...] = (Thread.topic_id, func.count(), unread, last)
    statement = _from_threads(viewer, select(*columns)).group_by(Thread.topic_id)
    return {
        topic_id: TopicCounts(count, unread_count, last_post_at)
        for topic_id, count, unread_count, last_post_at in db.session.execute(statement)
    }


def _from_threads(viewer: User | None, statement: Select[Any]) -> Select[Any]:
    return (
        statement.select_from(Thread)
        .join(Thread.topic)
        .outerjoin(ThreadRead, read_by(viewer))
        .where(thread_is_visible(viewer))
    )


def _rows(viewer: User | None) -> Select[Any]:
    columns = (
        Thread.id,
        Thread.title,
        Thread.kind,
        Thread.language,
        Thread.visibility,
        Topic,
        LastAuthor.display_name,
        Thread.reply_count,
        Thread.created_at,
        Thread.last_post_at,
        Thread.accepted_number.is_not(None),
        Thread.is_pinned,
        Thread.is_locked,
        _followed(viewer),
        _new(viewer),
        _unread_count(viewer),
        *author_columns(),
    )
    statement = _from_threads(viewer, select(*columns)).outerjoin(
        LastAuthor, last_author_join(viewer)
    )
    return with_author(statement, viewer, Thread.author_id, Thread.seat_id)


def _thread_row(row: Any) -> ThreadRow:
    values: list[Any] = [*row[:16], byline(tuple(row[16:]))]
    return ThreadRow(*values)


def _shown(viewer: User | None, show: Show) -> ColumnElement[bool]:
    if show is Show.NEW:
        return or_(_new(viewer), _has_unread(viewer))
    if show is Show.FOLLOWING:
        return _followed(viewer)
    if show is Show.UNANSWERED:
        return Thread.reply_count == 0
    return Thread.id.is_not(None)


def _followed(viewer: User | None) -> ColumnElement[bool]:
    if viewer is None:
        return false()
    return func.coalesce(ThreadRead.level.in_([FollowLevel.FOLLOWING, FollowLevel.LOUD]), false())


def _new(viewer: User | None) -> ColumnElement[bool]:
    """Never opened by this member, and started since they joined, at most 40 days ago."""
    if viewer is None or viewer.approved_at is None:
        return false()
    since = max(viewer.approved_at, utcnow() - NEW_FOR)
    return and_(
        ThreadRead.user_id.is_(None),
        Thread.created_at > since,
        ~is_author(viewer, Thread.author_id),
    )


def _unread(viewer: User) -> list[ColumnElement[bool]]:
    return [
        Post.thread_id == Thread.id,
        Post.number > ThreadRead.last_read,
        written_by_others(viewer),
    ]


def _has_unread(viewer: User | None) -> ColumnElement[bool]:
    if viewer is None:
        return false()
    behind = and_(ThreadRead.level != FollowLevel.MUTED, Thread.last_number > ThreadRead.last_read)
    return and_(behind, exists().where(*_unread(viewer)))


def _unread_count(viewer: User | None) -> Any:
    if viewer is None:
        return func.coalesce(None, 0)
    return (
        select(func.count(Post.id))
        .where(*_unread(viewer))
        .correlate(Thread, ThreadRead)
        .scalar_subquery()
    )
