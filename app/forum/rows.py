"""The rows of a list: what is there for one reader, and the words that all read alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, select

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.clock import utcnow
from app.core.enums import Attribution, Visibility
from app.core.prepared import Prepared
from app.core.slugs import slugify
from app.forum.byline import SECOND, Byline, author_columns, byline, with_author
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.forum.news import earliest_news, is_followed, is_new, unread_count
from app.forum.queries import (
    names_shown_to,
    post_is_readable,
    read_by,
    thread_is_visible,
    topic_read_by,
)
from app.forum.reach import Reach, is_reached
from app.forum.reader_models import ThreadRead, TopicReading
from app.topics.cards import TopicCard


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list in the order of `FACTS`, then what only its reader sees."""

    id: int
    title: str
    kind: ThreadKind
    language: str
    visibility: Visibility
    topic_id: int
    reply_count: int
    created_at: datetime
    last_post_at: datetime
    answers_by: datetime | None
    accepted_number: int | None
    is_pinned: bool
    is_locked: bool
    attribution: Attribution
    author_id: int | None
    seat_id: int | None
    last_author_id: int | None
    revision: int
    is_followed: bool
    is_new: bool
    unread_count: int

    @property
    def is_unread(self) -> bool:
        return self.is_new or self.unread_count > 0

    @property
    def days_left(self) -> int | None:
        """How many whole days a question still waits for answers; None: it does not."""
        return days_until(None if self.accepted_number else self.answers_by)


MOST_IDS = 30  # a statement has places for so many

FACTS = tuple(getattr(Thread, name) for name in Line.__slots__[:18])
"""Whatever changes in these of a thread changes what is kept of its row."""


@dataclass(frozen=True)
class ThreadRow:
    """What a row says, to everybody alike. Authors are None where names are withheld."""

    id: int
    title: str
    kind: ThreadKind
    language: str
    visibility: Visibility
    topic: TopicCard
    reply_count: int
    created_at: datetime
    last_post_at: datetime
    answers_by: datetime | None
    is_solved: bool
    is_pinned: bool
    is_locked: bool
    names_are_shown: bool
    author: Byline | None
    last_author: Byline | None

    @property
    def slug(self) -> str:
        return slugify(self.title)

    @property
    def days_left(self) -> int | None:
        return days_until(None if self.is_solved else self.answers_by)


def days_until(moment: datetime | None) -> int | None:
    if moment is None or moment <= utcnow():
        return None
    return (moment - utcnow()).days


def values_for(reach: Reach, topics: tuple[int, ...]) -> dict[str, Any]:
    """What statements about news of these topics are executed with."""
    values = reach.values(topics)
    if reach.is_member and reach.viewer is not None:
        values["earliest"] = earliest_news(reach.viewer)
    return values


def lines_of(reach: Reach, ids: Sequence[int]) -> list[Line]:
    """Those of these threads that the viewer reads, in the same order."""
    found: dict[int, Line] = {}
    for start in range(0, len(ids), MOST_IDS):
        found |= _read_lines(reach, ids[start : start + MOST_IDS])
    return [found[one] for one in ids if one in found]


def _read_lines(reach: Reach, ids: Sequence[int]) -> dict[int, Line]:
    """The rule of `is_reached`, in the rows: a statement without lists is put together once."""
    filled = [*ids, *[ids[-1]] * (MOST_IDS - len(ids))]
    values = {_place(at): one for at, one in enumerate(filled)} | values_for(reach, ())
    rows: list[Any] = _chosen.rows((kind_of(reach.viewer),), **values)
    reached = [row for row in rows if reach.has(row.topic_id, row.visibility, row.group_id)]
    return {row[0]: line_of(row[:-1]) for row in reached}


def line_of(row: Any) -> Line:
    values: list[Any] = list(row)
    return Line(*values)


def rows_of(reach: Reach, ids: Sequence[int]) -> dict[int, ThreadRow]:
    """What the rows of these threads say."""
    values = {"ids": list(ids), **reader_values(reach.viewer)}
    rows = _rows.rows((kind_of(reach.viewer),), **values)
    return {row[0]: thread_row(reach, row) for row in rows}


@Prepared
def _rows(reader: User | None) -> Select[Any]:
    return read_rows(reader).where(Thread.id.in_(bindparam("ids", expanding=True, type_=Integer)))


def read_rows(viewer: User | None) -> Select[Any]:
    columns = (
        Thread.id,
        Thread.title,
        Thread.kind,
        Thread.language,
        Thread.visibility,
        Thread.topic_id,
        Thread.reply_count,
        Thread.created_at,
        Thread.last_post_at,
        Thread.answers_by,
        Thread.accepted_number.is_not(None),
        Thread.is_pinned,
        Thread.is_locked,
        names_shown_to(viewer),
        *author_columns(),
        *author_columns(SECOND),
    )
    statement: Select[Any] = select(*columns).select_from(Thread).join(Thread.topic)
    statement = statement.where(thread_is_visible(viewer))
    statement = with_author(statement, viewer, Thread.author_id, Thread.seat_id)
    return with_author(statement, viewer, Thread.last_author_id, _last_seat(), SECOND)


def thread_row(reach: Reach, row: Any) -> ThreadRow:
    values: list[Any] = [*row[:14], byline(tuple(row[14:19])), byline(tuple(row[19:24]))]
    values[5] = reach.cards.all[row[5]]
    return ThreadRow(*values)


def read_lines(reader: User | None) -> Select[Any]:
    """The lines of all threads that are reached."""
    return _lines(reader).where(*is_reached())


def _lines(reader: User | None) -> Select[Any]:
    """Unread posts are counted only where there may be any."""
    unread = unread_count(reader)
    if reader is not None:
        is_behind = Thread.last_number > ThreadRead.last_read
        unread = case((is_behind, unread), else_=0)
    columns = (*FACTS, is_followed(reader), is_new(reader), unread)
    statement: Select[Any] = select(*columns)
    if reader is None:
        return statement
    joined = statement.select_from(Thread).outerjoin(ThreadRead, read_by(reader))
    return joined.outerjoin(TopicReading, topic_read_by(reader))


@Prepared
def _chosen(reader: User | None) -> Select[Any]:
    places = [bindparam(_place(at), type_=Integer) for at in range(MOST_IDS)]
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    chosen = _lines(reader).add_columns(Thread.group_id)
    return chosen.where(*is_there, Thread.id.in_(places))


def _place(at: int) -> str:
    return f"row_{at}"


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
