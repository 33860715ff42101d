"""What is new for a reader: the conditions of lists and counts (spec/forum 5.3, 5.4).

They hold in statements that start with `from_threads`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from app.accounts.models import User
from app.accounts.reader import Reader
from app.core.clock import UTCDateTime, utcnow
from app.forum.enums import FollowLevel, Show, ThreadKind
from app.forum.models import Post, Thread
from app.forum.queries import (
    is_author,
    post_is_readable,
    read_by,
    thread_is_visible,
    topic_read_by,
    written_by_others,
)
from app.forum.reader_models import Mention, ThreadRead, TopicReading
from app.forum.telling import KEEPS_UP

NEW_FOR = timedelta(days=40)  # three weeks of leave plus the return
ASKS = (ThreadKind.QUESTION, ThreadKind.DISCUSSION)


def from_threads(viewer: User | None, statement: Select[Any]) -> Select[Any]:
    """The visible threads, with how the viewer reads them and their topics."""
    threads = statement.select_from(Thread).join(Thread.topic).where(thread_is_visible(viewer))
    return with_reading(viewer, threads)


def with_reading(viewer: User | None, statement: Select[Any]) -> Select[Any]:
    """A visitor has read nothing: joining nothing would cost as much as joining much."""
    if viewer is None:
        return statement
    return statement.outerjoin(ThreadRead, read_by(viewer)).outerjoin(
        TopicReading, topic_read_by(viewer)
    )


def shown(viewer: User | None, show: Show) -> ColumnElement[bool]:
    """The condition of a kind of list."""
    if show is Show.NEW:
        return or_(is_new(viewer), waits_for(viewer))
    if show is Show.FOLLOWING:
        return is_followed(viewer)
    if show is Show.UNANSWERED:
        return is_unanswered()
    if show is Show.SOLVED:
        return Thread.accepted_number.is_not(None)
    return is_author(viewer, Thread.author_id) if show is Show.MINE else true()


def is_unanswered() -> ColumnElement[bool]:
    """A question or discussion that nobody but its author has replied to."""
    found = exists().where(
        Post.thread_id == Thread.id,
        Post.number > 1,
        post_is_readable(),
        or_(Post.author_id.is_(None), Post.author_id != Thread.author_id),
    )
    by_somebody_else = found.correlate(Thread)  # also where the statement around it asks for posts
    is_alone = Thread.reply_count == literal_column("0")
    may_be = or_(is_alone, Thread.last_author_id == Thread.author_id)  # as its index says it
    return and_(Thread.kind.in_(ASKS), may_be, or_(is_alone, ~by_somebody_else))


def is_followed(viewer: User | None) -> ColumnElement[bool]:
    if viewer is None:
        return false()
    keeps_up = or_(*(ThreadRead.level == level for level in sorted(KEEPS_UP)))
    return func.coalesce(keeps_up, false())


def topic_is_muted(viewer: User | None) -> ColumnElement[bool]:
    """A topic the reader does not want to see among others."""
    if viewer is None:
        return false()
    return func.coalesce(TopicReading.level == FollowLevel.MUTED, false())


def is_new(viewer: User | None) -> ColumnElement[bool]:
    """Never opened, and started since this member joined or marked the topic as read."""
    if viewer is None or not viewer.is_approved:
        return false()
    return and_(
        ThreadRead.user_id.is_(None),
        started_lately(viewer),
        ~topic_is_muted(viewer),
        ~is_author(viewer, Thread.author_id),
    )


def started_lately(viewer: User) -> ColumnElement[bool]:
    """As far as the moment goes, it can be new for this reader."""
    marked_before = or_(
        TopicReading.marked_at.is_(None), Thread.created_at > TopicReading.marked_at
    )
    return and_(Thread.created_at > _earliest(viewer), marked_before)


def has_news_since(viewer: User) -> ColumnElement[bool]:
    """Follows from `started_lately`; said as well where rows come in the order of the last post."""
    return and_(Thread.last_post_at >= _earliest(viewer))


def unread_count(viewer: User | None) -> Any:
    """Posts after the last read one; none in a thread never opened or muted.

    It counts rows: the index has all but their ids.
    """
    if viewer is None:
        return func.coalesce(None, 0)
    return (
        select(func.count())
        .select_from(Post)
        .where(*_unread(viewer))
        .correlate(Thread, ThreadRead)
        .scalar_subquery()
    )


def waits_for(viewer: User | None) -> ColumnElement[bool]:
    """Unread posts in what the reader follows, wrote in or is named in."""
    if viewer is None:
        return false()
    own = exists().where(Post.author_id == viewer.id, Post.thread_id == Thread.id)
    wrote = own.correlate(Thread)  # one look each: who wrote much would be read as a whole
    named = select(Post.thread_id).join(Mention).where(Mention.user_id == viewer.id)
    concerns = or_(is_followed(viewer), wrote, Thread.id.in_(named))
    behind = Thread.last_number > ThreadRead.last_read
    return and_(behind, concerns, exists().where(*_unread(viewer)))


def _unread(viewer: User) -> list[ColumnElement[bool]]:
    return [
        Post.thread_id == Thread.id,
        Post.number > ThreadRead.last_read,
        ThreadRead.level != FollowLevel.MUTED,
        written_by_others(viewer),
    ]


def earliest_news(viewer: User) -> datetime:
    """What was started before is not new for this member."""
    return max(viewer.approved_at or utcnow(), utcnow() - NEW_FOR)


def _earliest(viewer: User) -> Any:
    if isinstance(viewer, Reader):
        return bindparam("earliest", type_=UTCDateTime())
    return earliest_news(viewer)
