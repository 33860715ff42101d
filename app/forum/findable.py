"""What of conversations goes into the search index, which asks for visibility when it answers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.forum.models import Post, Tag, Thread, ThreadOverview, ThreadTag
from app.forum.queries import post_is_readable


def posts_for_indexing() -> Select[Post]:
    """Every readable post."""
    whole = joinedload(Post.thread).joinedload(Thread.topic)
    return select(Post).options(whole).where(post_is_readable()).order_by(Post.id)


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
