"""What decides how a thread's page looks for one reader, in two prepared statements.

No text is read here: parts of the page that were made before are found by these values.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.types import NullType

from app.accounts.models import Group, User
from app.accounts.queries import with_draft
from app.accounts.reader import kind_of, reader_values
from app.core.clock import utcnow
from app.core.db import Words
from app.core.enums import Visibility
from app.core.generations import generation_columns, last_change
from app.core.prepared import Prepared
from app.forum.about_thread import AboutThread
from app.forum.city_reading import rounded
from app.forum.desk import APPEND_WITHIN, FIRST_POSTS, all_count, own_count, writes_most
from app.forum.enums import Standing
from app.forum.models import Post, Thread
from app.forum.paging import numbers_at_most
from app.forum.permissions import ThreadRights, in_thread
from app.forum.queries import is_author, read_by, thread_is_visible
from app.forum.reader_models import PostResponse, ThreadRead
from app.forum.showing_reader import (
    DraftThere,
    Reading,
    city_count,
    draft_there,
    my_first,
    reading_columns,
    reading_of,
)
from app.topics.models import Topic
from app.topics.permissions import rights_columns, rights_of

THREAD_ID = bindparam("thread_id", type_=Integer)
NUMBERED = Post.number.between(bindparam("first", type_=Integer), bindparam("last", type_=Integer))
COLUMNS = tuple(Thread.__table__.columns)
ThreadThere = cast(Any, namedtuple)("ThreadThere", [column.key for column in COLUMNS])
"""All of them: whatever changes in the row of a thread changes what is kept of its page."""


NAMED = ("network", "people", "topics")
TOPIC = (Topic.id, Topic.slug, Topic.number, Topic.colour, Topic.names, Topic.visibility)


@dataclass(frozen=True)
class TopicThere:
    """The topic of a thread, as its page names it."""

    id: int
    slug: str
    number: int
    colour: str
    names: Words
    visibility: Visibility


@dataclass(frozen=True)
class Glance(AboutThread):
    """`thread` is a row with the columns of a Thread, `facts` are their values."""

    thread: Thread
    facts: tuple[Any, ...]
    topic: TopicThere
    group_names: Words | None
    rights: ThreadRights
    reading: Reading
    my_first: int | None
    cities_read: int | None
    own_count: int
    all_count: int
    draft: DraftThere | None
    generations: tuple[int, ...]  # of whatever else its page names
    number: int  # of the page that was asked for
    has_own: bool  # on that page: something of the viewer's
    is_visitors: bool

    @property
    def topic_visibility(self) -> Visibility:
        return self.topic.visibility

    @property
    def says_hints(self) -> tuple[bool, bool]:
        """Whether the writer is new here, and whether they wrote most of the thread."""
        is_new = self.all_count < FIRST_POSTS
        return is_new, writes_most(self.own_count, self.thread.reply_count + 1)

    def is_plain(self, number: int, last: int) -> bool:
        """Whether the posts of this page, up to `last`, look as to everybody with these rights.

        Nothing on it is the viewer's own, and nothing is new; visitors have neither.
        """
        has_read = self.reading.last_read is not None and self.reading.last_read >= last
        return number == self.number and not self.has_own and (has_read or self.is_visitors)

    def may_append(self, person: User) -> bool:
        """Whether the last post is the person's own and still young."""
        is_young = self.thread.last_post_at > utcnow() - APPEND_WITHIN
        return self.thread.last_author_id == person.id and is_young


@dataclass(frozen=True)
class Mark:
    """A post without its text. `said` are the viewer's own responses, by name."""

    id: int
    number: int
    is_mine: bool
    is_wiki: bool
    standing: Standing
    file_count: int
    created_at: datetime
    deleted_at: datetime | None
    is_hidden: bool
    said: str

    @property
    def is_removed(self) -> bool:
        return self.deleted_at is not None or self.is_hidden


def glance_at(viewer: User | None, thread_id: int, number: int = 1) -> Glance | None:
    """For this page of it. None when the thread is not the viewer's to see."""
    values: dict[str, Any] = {"thread_id": thread_id}
    if viewer is not None:
        first, last = numbers_at_most(number)
        values |= {"draft_context": f"reply:{thread_id}", "first": first, "last": last}
    row = _glance.first((kind_of(viewer),), **values, **reader_values(viewer))
    return None if row is None else _read(viewer, row, number)


def visitor_basis(thread_id: int) -> tuple[tuple[Any, ...], datetime | None]:
    """What a visitor's page of a thread is made from, and when that last changed. () if hidden."""
    row = _basis.first((), thread_id=thread_id)
    if row is None:
        return (), None
    return row[:-1], row[-1]


@Prepared
def _basis() -> Select[Any]:
    """The columns as the driver gives them: they stand in a key, nobody reads them."""
    facts: tuple[Any, ...] = tuple(type_coerce(column, NullType()) for column in COLUMNS)
    facts += (*generation_columns(*NAMED), _of_others(), last_change(*NAMED, "forum"))
    found: Select[Any] = select(*facts).select_from(Thread).join(Thread.topic)
    return found.where(thread_is_visible(None), Thread.id == THREAD_ID)


def _of_others() -> Any:
    """Events name other threads: where there are any, the page changes with all of the forum."""
    (forum,) = generation_columns("forum")
    return case((Thread.event_count > 0, forum), else_=0)


def marks_between(viewer: User | None, thread_id: int, first: int, last: int) -> list[Mark]:
    """The posts with these numbers; whoever asks has seen to it that the thread is visible."""
    values = {"thread_id": thread_id, "first": first, "last": last}
    rows = _marks.rows((kind_of(viewer),), **values, **reader_values(viewer))
    return [Mark(*row) for row in rows]


@Prepared
def _glance(viewer: User | None) -> Select[Any]:
    own: tuple[Any, ...] = (literal(0), literal(0))
    if viewer is not None:
        own = (own_count(viewer, Thread.id), all_count(viewer))
    statement: Select[Any] = (
        select(*COLUMNS, *TOPIC, Group.names, *rights_columns(viewer))
        .add_columns(*reading_columns(viewer), my_first(viewer), city_count(viewer), *own)
        .add_columns(*generation_columns(*NAMED), _has_own(viewer))
        .select_from(Thread)
        .join(Thread.topic)
        .outerjoin(ThreadRead, read_by(viewer))
        .outerjoin(Group, Group.id == Thread.group_id)
        .where(thread_is_visible(viewer), Thread.id == THREAD_ID)
    )
    return with_draft(statement, viewer, bindparam("draft_context", type_=String))


def _has_own(viewer: User | None) -> Any:
    """Whether a post of the page is the viewer's, or has a response of theirs."""
    if viewer is None:
        return literal(False)
    responded = exists().where(PostResponse.post_id == Post.id, PostResponse.user_id == viewer.id)
    own = or_(Post.author_id == viewer.id, and_(Post.response_count > 0, responded))
    return exists().where(Post.thread_id == THREAD_ID, NUMBERED, own)


def _read(viewer: User | None, row: tuple[Any, ...], number: int) -> Glance:
    facts, rest = tuple(row[: len(COLUMNS)]), row[len(COLUMNS) :]
    thread = cast(Thread, ThreadThere(*facts))
    topic = TopicThere(*rest[:6])
    return Glance(
        thread=thread,
        facts=facts,
        topic=topic,
        group_names=rest[6],
        rights=in_thread(thread, rights_of(viewer, topic.visibility, rest[7:11])),
        reading=reading_of(rest[11:16]),
        my_first=rest[16],
        cities_read=rounded(rest[17] or 0),
        own_count=rest[18],
        all_count=rest[19],
        generations=tuple(rest[20:23]),
        number=number,
        has_own=bool(rest[23]),
        is_visitors=viewer is None,
        draft=draft_there(rest[24], rest[25]),
    )


@Prepared
def _marks(viewer: User | None) -> Select[Any]:
    return (
        select(
            *(Post.id, Post.number, is_author(viewer, Post.author_id), Post.is_wiki),
            *(Post.standing, Post.file_count, Post.created_at, Post.deleted_at),
            *(Post.hidden_at.is_not(None), _said(viewer)),
        )
        .where(Post.thread_id == THREAD_ID)
        .where(NUMBERED)
        .order_by(Post.number)
    )


def _said(viewer: User | None) -> Any:
    if viewer is None:
        return literal("")
    mine = (PostResponse.post_id == Post.id, PostResponse.user_id == viewer.id)
    kinds = select(func.aggregate_strings(cast_to(PostResponse.kind, String), " ")).where(*mine)
    joined = func.coalesce(kinds.correlate(Post).scalar_subquery(), "")
    return case((Post.response_count > 0, joined), else_="")
