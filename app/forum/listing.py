"""Lists of threads: one statement each, whatever their length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.enums import Visibility
from app.core.pagination import Page
from app.core.slugs import slugify
from app.forum.byline import SECOND, Byline, author_columns, byline, with_author
from app.forum.choosing import Choice, thread_conditions
from app.forum.enums import FollowLevel, Show, Sort, ThreadKind
from app.forum.models import Post, Thread
from app.forum.news import (
    from_threads,
    is_followed,
    is_new,
    is_unanswered,
    shown,
    topic_is_muted,
    unread_count,
)
from app.forum.queries import is_author, names_shown_to, post_is_readable
from app.forum.reader_models import TopicReading
from app.forum.telling import HEARS_OF_NEW
from app.topics.models import Topic

PAGE_SIZE = 30
MOST_NEW = 500
"""More news than these are told as "500+": counting on would cost and tell nobody anything."""

Written = aliased(Thread, name="written_in")

OF_ALL_TOPICS = {Show.ALL, Show.UNANSWERED, Show.SOLVED}
"""Lists that leave out the topics their reader muted."""

LATEST = (Thread.last_post_at.desc(), Thread.id.desc())
ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.LATEST: LATEST,
    Sort.NEWEST: (Thread.created_at.desc(), Thread.id.desc()),
    Sort.OLDEST: (Thread.created_at, Thread.id),
    Sort.REPLIES: (Thread.reply_count.desc(), *LATEST),
}


@dataclass(frozen=True)
class ThreadRow:
    """One line of a list, in the order of `_rows`. Authors are None where names are withheld."""

    id: int
    title: str
    kind: ThreadKind
    language: str
    visibility: Visibility
    topic: Topic
    reply_count: int
    created_at: datetime
    last_post_at: datetime
    answers_by: datetime | None
    is_solved: bool
    is_pinned: bool
    is_locked: bool
    is_followed: bool
    is_new: bool
    unread_count: int
    names_are_shown: bool
    author: Byline | None
    last_author: Byline | None

    @property
    def slug(self) -> str:
        return slugify(self.title)

    @property
    def is_unread(self) -> bool:
        return self.is_new or self.unread_count > 0

    @property
    def days_left(self) -> int | None:
        """How many whole days a question still waits for answers; None: it does not."""
        if self.answers_by is None or self.is_solved or self.answers_by <= utcnow():
            return None
        return (self.answers_by - utcnow()).days


@dataclass(frozen=True)
class ThreadList:
    """A page of threads. `new_count` is at most one more than `MOST_NEW`."""

    choice: Choice
    page: Page
    count: int
    new_count: int
    level: FollowLevel  # at which the viewer follows the list's topic


def thread_list(
    viewer: User | None, choice: Choice, number: int, topic: Topic | None = None
) -> ThreadList:
    """The chosen threads of one topic or of all: counts in one statement, rows in another."""
    wanted = and_(shown(viewer, choice.wanted.show), thread_conditions(viewer, choice))
    if topic is not None:
        wanted = and_(wanted, Thread.topic_id == topic.id)
    elif choice.wanted.show in OF_ALL_TOPICS and not choice.wanted.topic:
        wanted = and_(wanted, ~topic_is_muted(viewer))
    count, new_count, level = _counts(viewer, wanted, topic)
    page_count = max(1, -(-count // PAGE_SIZE))
    number = min(number, page_count)
    order = ORDERS[choice.wanted.sort]
    if topic is not None and choice.wanted.sort is Sort.LATEST:
        order = (Thread.is_pinned.desc(), *order)
    rows = _page(viewer, wanted, order, PAGE_SIZE, (number - 1) * PAGE_SIZE) if count else []
    page = Page(rows, number, page_count)
    return ThreadList(choice, page, count, new_count, level or FollowLevel.NORMAL)


def latest_threads(
    viewer: User | None, most: int, condition: ColumnElement[bool] | None = None
) -> list[ThreadRow]:
    """The threads with the latest posts anywhere the viewer reads, optionally fewer of them."""
    return _page(viewer, ~topic_is_muted(viewer) if condition is None else condition, LATEST, most)


def threads_anywhere(viewer: User | None, show: Show, most: int) -> list[ThreadRow]:
    """The latest threads of all topics, of one kind of list."""
    wanted = shown(viewer, show)
    if show in OF_ALL_TOPICS:
        wanted = and_(wanted, ~topic_is_muted(viewer))
    return latest_threads(viewer, most, wanted)


def questions_for(viewer: User, most: int) -> list[ThreadRow]:
    """The newest unanswered ones of others, in topics the viewer follows or has written in."""
    written_in = exists().where(
        Post.author_id == viewer.id, Post.thread_id == Written.id, Written.topic_id == Topic.id
    )
    knows = or_(TopicReading.level.in_(HEARS_OF_NEW), written_in)
    open_ = and_(is_unanswered(), Thread.is_locked.is_(False), ~topic_is_muted(viewer))
    condition = and_(open_, knows, ~is_author(viewer, Thread.author_id))
    return _page(viewer, condition, ORDERS[Sort.NEWEST], most)


def feed_of(topic: Topic | None, reader: User | None = None) -> list[tuple[ThreadRow, str]]:
    """The newest threads this reader may read, each with its opening post's HTML.

    `topic` None: of all topics. No reader: what anyone may read.
    """
    opening = and_(Post.thread_id == Thread.id, Post.number == 1)
    statement = (
        _rows(reader)
        .join(Post, opening)
        .add_columns(Post.html)
        .where(post_is_readable())
        .order_by(*LATEST)
        .limit(PAGE_SIZE)
    )
    if topic is not None:
        statement = statement.where(Thread.topic_id == topic.id)
    return [(_thread_row(row[:-1]), row[-1]) for row in db.session.execute(statement)]


def _counts(viewer: User | None, wanted: ColumnElement[bool], topic: Topic | None) -> Any:
    """How many there are, how many are new for the viewer, how they follow the topic."""
    count = from_threads(viewer, select(func.count())).where(wanted)
    if viewer is None:
        return db.session.scalar(count) or 0, 0, None
    new = from_threads(viewer, select(Thread.id)).where(shown(viewer, Show.NEW))
    if topic is not None:
        new = new.where(Thread.topic_id == topic.id)
    new_count = select(func.count()).select_from(new.limit(MOST_NEW + 1).subquery())
    level = select(TopicReading.level).where(
        TopicReading.user_id == viewer.id, TopicReading.topic_id == (topic.id if topic else None)
    )
    every = (count, new_count, level)
    return db.session.execute(select(*(one.scalar_subquery() for one in every))).one()


def _page(
    viewer: User | None, wanted: ColumnElement[bool], order: Any, most: int, skipped: int = 0
) -> list[ThreadRow]:
    """Choose the ids first, so that skipping pages never carries whole rows along."""
    ids = from_threads(viewer, select(Thread.id)).where(wanted).order_by(*order)
    ids = ids.limit(most).offset(skipped)
    chosen = select(ids.subquery().c.id)
    rows = _rows(viewer).where(Thread.id.in_(chosen)).order_by(*order)
    return [_thread_row(row) for row in db.session.execute(rows)]


def _rows(viewer: User | None) -> Select[Any]:
    columns = (
        Thread.id,
        Thread.title,
        Thread.kind,
        Thread.language,
        Thread.visibility,
        Topic,
        Thread.reply_count,
        Thread.created_at,
        Thread.last_post_at,
        Thread.answers_by,
        Thread.accepted_number.is_not(None),
        Thread.is_pinned,
        Thread.is_locked,
        is_followed(viewer),
        is_new(viewer),
        unread_count(viewer),
        names_shown_to(viewer),
        *author_columns(),
        *author_columns(SECOND),
    )
    statement = from_threads(viewer, select(*columns))
    statement = with_author(statement, viewer, Thread.author_id, Thread.seat_id)
    return with_author(statement, viewer, Thread.last_author_id, _last_seat(), SECOND)


def _last_seat() -> Any:
    """The seat from which the last readable post was written."""
    return (
        select(Post.seat_id)
        .where(
            Post.thread_id == Thread.id,
            Post.author_id == Thread.last_author_id,
            post_is_readable(),
        )
        .order_by(Post.number.desc())
        .limit(1)
        .correlate(Thread)
        .scalar_subquery()
    )


def _thread_row(row: Any) -> ThreadRow:
    values: list[Any] = [*row[:17], byline(tuple(row[17:22])), byline(tuple(row[22:27]))]
    return ThreadRow(*values)
