"""What of conversations goes into the search index, which asks for visibility when it answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Integer, Select, bindparam, select
from sqlalchemy.orm import joinedload

from app.core.clock import UTCDateTime
from app.core.prepared import Prepared
from app.forum.choosing import in_state
from app.forum.enums import State, ThreadKind
from app.forum.models import Post, Tag, Thread, ThreadOverview, ThreadTag
from app.forum.queries import post_is_readable


def posts_for_indexing() -> Select[Post]:
    """Every readable post."""
    whole = joinedload(Post.thread).joinedload(Thread.topic)
    return select(Post).options(whole).where(post_is_readable()).order_by(Post.id)


def posts_in(rows: FromClause) -> Select[Post]:
    """Read from tables that were joined in a certain order."""
    return select(Post).select_from(rows)


def overview_for_indexing(thread: Thread) -> Select[ThreadOverview]:
    return overviews_for_indexing().where(ThreadOverview.thread_id == thread.id)


def overviews_for_indexing() -> Select[ThreadOverview]:
    """What stands on top of each thread now."""
    return (
        select(ThreadOverview)
        .join(Thread, Thread.id == ThreadOverview.thread_id)
        .where(ThreadOverview.revision == Thread.overview_revision)
    )


def opening_posts(thread_ids: Collection[int]) -> Select[Post]:
    """The readable ones."""
    return posts_for_indexing().where(Post.thread_id.in_(thread_ids), Post.number == 1)


def tags_for_indexing(thread_ids: Collection[int]) -> Select[Any]:
    """Rows (thread id, tag)."""
    columns: tuple[Any, ...] = (ThreadTag.thread_id, Tag)
    found = select(*columns).join(Tag, Tag.id == ThreadTag.tag_id)
    return found.where(ThreadTag.thread_id.in_(thread_ids)).order_by(Tag.slug)


def facts_of_posts(*conditions: ColumnElement[bool]) -> Select[Any]:
    """What filters ask of readable posts, without their texts."""
    columns: tuple[Any, ...] = (
        Post.id,
        Post.number,
        Post.thread_id,
        Post.author_id,
        Post.seat_id,
        Post.language,
        Post.created_at,
        Thread.title,
        Thread.topic_id,
        Thread.kind,
        Thread.accepted_number,
        Thread.author_id.label("started_by"),
    )
    return select(*columns).join(Post.thread).where(post_is_readable(), *conditions)


class Facts(NamedTuple):
    """One row of `facts_of_posts`."""

    id: int
    number: int
    thread_id: int
    author_id: int | None
    seat_id: int | None
    language: str
    created_at: datetime
    title: str
    topic_id: int
    kind: ThreadKind
    accepted_number: int | None
    started_by: int | None


def facts_in_hand(post: Post) -> Facts:
    """The same of a post that was written a moment ago, without asking."""
    thread = post.thread
    return Facts(
        post.id,
        post.number,
        thread.id,
        post.author_id,
        post.seat_id,
        post.language,
        post.created_at,
        thread.title,
        thread.topic_id,
        thread.kind,
        thread.accepted_number,
        thread.author_id,
    )


def tag_ids_in(thread_id: int) -> list[int]:
    return [tag_id for (tag_id,) in _tag_ids.rows((), thread_id=thread_id)]


@Prepared
def _tag_ids() -> Any:
    is_there = ThreadTag.thread_id == bindparam("thread_id", type_=Integer)
    return select(ThreadTag.tag_id).where(is_there).order_by(ThreadTag.tag_id)


def tag_ids_of(thread_ids: Collection[int]) -> Select[Any]:
    """Rows (thread id, tag id)."""
    columns: tuple[Any, ...] = (ThreadTag.thread_id, ThreadTag.tag_id)
    return select(*columns).where(ThreadTag.thread_id.in_(thread_ids)).order_by(ThreadTag.tag_id)


def tag_ids_called(slug: str) -> Select[int]:
    return select(Tag.id).where(Tag.slug == slug)


def thread_ids_in(state: State) -> Select[int]:
    return select(Thread.id).where(in_state(state))


def newest_unanswered(
    most: int,
    topic_id: int | None = None,
    kind: ThreadKind | None = None,
    before: datetime | None = None,
) -> Select[int]:
    """The threads that wait for an answer, by the index of their list; whoever may read them.

    `before`: nothing has been said in them since.
    """
    found = thread_ids_in(State.UNANSWERED)
    found = found.where(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    if topic_id is not None:
        found = found.where(Thread.topic_id == topic_id)
    if kind is not None:
        found = found.where(Thread.kind == kind)
    if before is not None:
        found = found.where(Thread.last_post_at < before)
    return found.order_by(Thread.last_post_at.desc(), Thread.id.desc()).limit(most)


def newest_posts_of_days() -> Select[Any]:
    """Rows (id, created_at), whoever may read them, by the index of their days."""
    columns: tuple[Any, ...] = (Post.id, Post.created_at)
    begin, end = (bindparam(name, type_=UTCDateTime) for name in ("begin", "end"))
    found = select(*columns).where(Post.created_at >= begin, Post.created_at < end)
    return found.order_by(Post.created_at.desc()).limit(bindparam("most", type_=Integer))
