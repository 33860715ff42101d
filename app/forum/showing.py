"""A thread as one person sees it: head, a page of posts, cities. One statement each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, false, func, select

from app.accounts.models import Group, Seat, User
from app.core.clock import utcnow
from app.core.db import Words, db
from app.core.enums import Attribution, Visibility
from app.core.slugs import slugify
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.enums import FollowLevel, Standing
from app.forum.models import Post, Thread
from app.forum.permissions import EDIT_WINDOW
from app.forum.queries import (
    is_author,
    names_shown_to,
    one_thread,
    post_is_readable,
    read_by,
    thread_is_visible,
    written_by_others,
)
from app.forum.reader_models import ThreadRead
from app.network.models import City


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
class Shown:
    """A thread with what this viewer may know about it."""

    thread: Thread
    author: Byline | None
    is_mine: bool
    reading: Reading
    group_names: Words | None

    @property
    def slug(self) -> str:
        return slugify(self.thread.title)

    @property
    def names_are_withheld(self) -> bool:
        return self.thread.attribution is Attribution.CHATHAM_HOUSE

    @property
    def audience(self) -> Visibility:
        """The narrower of topic and thread."""
        order = list(Visibility)
        return max(self.thread.visibility, self.thread.topic.visibility, key=order.index)


@dataclass(frozen=True)
class PostRow:
    """A post to be read. `author` None: withheld or gone. A removed one has no text here."""

    id: int
    number: int
    standing: Standing
    language: str
    html: str
    revision: int
    reply_to: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    hidden_at: datetime | None
    is_wiki: bool
    file_count: int
    response_count: int
    is_mine: bool
    author: Byline | None

    @property
    def is_opening(self) -> bool:
        return self.number == 1

    @property
    def is_removed(self) -> bool:
        return self.deleted_at is not None or self.hidden_at is not None

    @property
    def is_young(self) -> bool:
        """Young enough for its author to change it."""
        return self.created_at > utcnow() - EDIT_WINDOW


@dataclass(frozen=True)
class CityThere:
    """A city whose people wrote in a thread."""

    slug: str
    names: Words


def thread_for(viewer: User | None, thread_id: int) -> Shown | None:
    """The thread with its author and the viewer's reading, or None when it is not theirs to see."""
    columns = (
        _is_mine(viewer, Thread.author_id),
        Group.names,
        *_reading_columns(viewer),
        *author_columns(),
    )
    statement: Select[Any] = one_thread(viewer, thread_id).add_columns(*columns)
    statement = statement.outerjoin(ThreadRead, read_by(viewer)).outerjoin(
        Group, Group.id == Thread.group_id
    )
    row = db.session.execute(
        with_author(statement, viewer, Thread.author_id, Thread.seat_id)
    ).first()
    if row is None:
        return None
    thread, is_mine, group_names, *rest = row
    reading = Reading(rest[0], rest[1] or FollowLevel.NORMAL, rest[2], rest[3], rest[4] or 0)
    return Shown(thread, byline(tuple(rest[5:])), bool(is_mine), reading, group_names)


def posts_between(viewer: User | None, thread_id: int, first: int, last: int) -> list[PostRow]:
    """The posts with these numbers, in order; of removed ones all but the text."""
    columns = (
        Post.id, Post.number, Post.standing, Post.language,
        case((post_is_readable(), Post.html), else_=""),
        Post.revision, Post.reply_to, Post.created_at, Post.edited_at, Post.deleted_at,
        Post.hidden_at, Post.is_wiki, Post.file_count, Post.response_count,
        _is_mine(viewer, Post.author_id),
    )  # fmt: skip
    statement = (
        select(*columns, *author_columns())
        .select_from(Post)
        .join(Post.thread)
        .join(Thread.topic)
        .where(thread_is_visible(viewer))
        .where(Post.thread_id == thread_id, Post.number.between(first, last))
        .order_by(Post.number)
    )
    rows = db.session.execute(with_author(statement, viewer, Post.author_id, Post.seat_id))
    return [_post_row(row) for row in rows]


def _post_row(row: Any) -> PostRow:
    values: list[Any] = [*row[:15], byline(tuple(row[15:]))]
    return PostRow(*values)


def cities_in(viewer: User | None, thread_id: int) -> list[CityThere]:
    """Cities whose people wrote, the first one first; none where names are withheld."""
    statement = (
        select(City.slug, City.names)
        .select_from(Post)
        .join(Post.thread)
        .join(Thread.topic)
        .join(Seat, Seat.id == Post.seat_id)
        .join(City, City.id == Seat.city_id)
        .where(Post.thread_id == thread_id, thread_is_visible(viewer), names_shown_to(viewer))
        .order_by(Post.number)
    )
    first_seen = {slug: CityThere(slug, names) for slug, names in db.session.execute(statement)}
    return list(first_seen.values())


def first_unread_number(viewer: User, thread: Thread) -> int:
    """Where to go on reading: the first unread post, else the last one."""
    last_read = db.session.scalar(
        select(ThreadRead.last_read).where(
            ThreadRead.thread_id == thread.id, ThreadRead.user_id == viewer.id
        )
    )
    first = db.session.scalar(
        select(func.min(Post.number)).where(
            Post.thread_id == thread.id, Post.number > (last_read or 0), written_by_others(viewer)
        )
    )
    return first or thread.last_number


def _is_mine(viewer: User | None, author_id: Any) -> Any:
    return is_author(viewer, author_id)


def _reading_columns(viewer: User | None) -> tuple[Any, ...]:
    unread = (
        Post.thread_id == Thread.id,
        Post.number > func.coalesce(ThreadRead.last_read, 0),
        written_by_others(viewer) if viewer else false(),
    )
    first = select(func.min(Post.number)).where(*unread).correlate(Thread, ThreadRead)
    count = select(func.count(Post.id)).where(*unread).correlate(Thread, ThreadRead)
    return (
        ThreadRead.last_read,
        ThreadRead.level,
        ThreadRead.last_visit_at,
        first.scalar_subquery(),
        count.scalar_subquery(),
    )
