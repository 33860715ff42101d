"""Holding threads while they are changed: one who cares for them after another."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import User
from app.core.db import db, first_or_404, locked
from app.core.permissions import require
from app.forum.models import Post, Thread
from app.forum.permissions import can_curate
from app.forum.queries import one_thread, posts_to_care_for


def hold(*thread_ids: int) -> dict[int, Thread]:
    """These threads as they are now, held until the end of the transaction.

    Always in the order of their ids, so that two who hold several never wait for each other.
    """
    rows = select(Thread).where(Thread.id.in_(thread_ids)).order_by(Thread.id)
    return {thread.id: thread for thread in db.session.scalars(locked(rows))}


def hold_for(
    viewer: User, thread_id: int, may: Callable[[User, Thread], bool] = can_curate
) -> Thread:
    """Hold a thread, then ask: it may have been moved or merged while this one waited.

    Raise NotFound for what the viewer cannot see, Forbidden for what they may not change.
    """
    hold(thread_id)
    thread = first_or_404(one_thread(viewer, thread_id))
    require(may(viewer, thread))
    return thread


def hold_thread_of(post: Post) -> Thread:
    """The thread a post stands in, with the post as it is now: it may be moved while we wait."""
    while True:
        thread = hold(post.thread_id)[post.thread_id]
        db.session.refresh(post)
        if post.thread_id == thread.id:
            set_committed_value(post, "thread", thread)
            return thread


def hold_post_for(viewer: User, thread_id: int, number: int) -> Post:
    """The same for a post, also a hidden one."""
    hold_for(viewer, thread_id)
    found = posts_to_care_for(viewer).where(Post.thread_id == thread_id, Post.number == number)
    return first_or_404(found)
