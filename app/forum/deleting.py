"""Taking back one's own words: gone at once, for a day not for good, after a month for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, or_, select, update

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.counting import recount
from app.forum.curating.answers import give_up_answers
from app.forum.curating.holding import hold, hold_thread_of
from app.forum.errors import OpeningHasReplies, TooLateToRestore
from app.forum.models import (
    Post,
    PostFile,
    PostRevision,
    Thread,
    ThreadEvent,
    ThreadOverview,
)
from app.forum.posting import lock_row
from app.forum.queries import post_is_readable, posts_to_care_for, removed_threads_of
from app.forum.signals import post_removed, post_restored, thread_removed, thread_restored

RESTORABLE_FOR = timedelta(hours=24)
PURGED_AFTER = timedelta(days=30)


def delete_post(post: Post, author: User) -> None:
    """Remove one's own reply. The number stays, the text is gone for everybody at once."""
    thread = hold_thread_of(post)
    if post.deleted_at is not None:
        return
    post.deleted_at = utcnow()
    give_up_answers(thread, [post], author)
    recount(thread)
    thread.revision += 1
    post_removed.send(post)


def delete_thread(thread: Thread) -> None:
    """Remove a thread in which nobody else said anything. Raise OpeningHasReplies."""
    thread = lock_row(thread.id)
    if _others_replied(thread):
        raise OpeningHasReplies
    thread.deleted_at = utcnow()
    thread.revision += 1
    thread_removed.send(thread)


def restore_post(post: Post) -> None:
    """Bring it back within a day. Raise TooLateToRestore."""
    thread = hold_thread_of(post)
    if post.deleted_at is None:
        return
    if post.deleted_at < utcnow() - RESTORABLE_FOR:
        raise TooLateToRestore
    post.deleted_at = None
    recount(thread)
    thread.revision += 1
    if post.hidden_at is None:
        post_restored.send(post)


def restore_thread(thread: Thread) -> None:
    """Bring it back within a day. Raise TooLateToRestore."""
    thread = hold(thread.id)[thread.id]
    if thread.deleted_at is None:
        return
    if thread.deleted_at < utcnow() - RESTORABLE_FOR:
        raise TooLateToRestore
    thread.deleted_at = None
    thread.revision += 1
    thread_restored.send(thread)


def removed_posts_of(person: User) -> Sequence[Post]:
    """What this person can still bring back, the latest first, in threads they still read."""
    since = utcnow() - RESTORABLE_FOR
    mine = posts_to_care_for(person).where(Post.author_id == person.id, Post.deleted_at > since)
    return db.session.scalars(mine.order_by(Post.deleted_at.desc())).all()


def removed_threads_to_restore(person: User) -> Sequence[Thread]:
    since = utcnow() - RESTORABLE_FOR
    return db.session.scalars(
        removed_threads_of(person)
        .where(Thread.deleted_at > since)
        .order_by(Thread.deleted_at.desc())
    ).all()


def purge_removed() -> int:
    """Forget for good what was removed a month ago. Return how many posts that was."""
    before = utcnow() - PURGED_AFTER
    _purge_threads(before)
    old = or_(Post.deleted_at < before, Post.thread_id.in_(_old_threads(before)))
    ids = db.session.scalars(select(Post.id).where(old, Post.purged_at.is_(None))).all()
    for start in range(0, len(ids), 500):
        _purge_posts(ids[start : start + 500])
    return len(ids)


def _others_replied(thread: Thread) -> bool:
    by_others = or_(Post.author_id.is_(None), Post.author_id != thread.author_id)
    found = select(Post.id).where(
        Post.thread_id == thread.id, Post.number > 1, by_others, post_is_readable()
    )
    return db.session.scalar(found.limit(1)) is not None


def _old_threads(before: datetime) -> Select[int]:
    return select(Thread.id).where(Thread.deleted_at < before)


def _purge_threads(before: datetime) -> None:
    """Titles, overviews and events tell what a thread was about."""
    old = and_(Thread.deleted_at < before, Thread.title != "")
    ids = db.session.scalars(select(Thread.id).where(old)).all()
    nothing = {"title": "", "overview_revision": 0, "event_count": 0}
    db.session.execute(update(Thread).where(Thread.id.in_(ids)).values(**nothing))
    for table in (ThreadOverview, ThreadEvent):
        db.session.execute(delete(table).where(table.thread_id.in_(ids)))


def _purge_posts(ids: Sequence[int]) -> None:
    nothing = {"body": "", "html": "", "file_count": 0, "purged_at": utcnow()}
    db.session.execute(update(Post).where(Post.id.in_(ids)).values(**nothing))
    for table in (PostRevision, PostFile):
        db.session.execute(delete(table).where(table.post_id.in_(ids)))
