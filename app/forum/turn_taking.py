"""Several posts of one person one after another (spec/forum 5.2)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum import editing
from app.forum.desk import APPEND_WITHIN
from app.forum.errors import NotLastAnyMore, ThreeInARow
from app.forum.models import Post, Thread
from app.forum.posting import Text
from app.forum.queries import post_is_readable

MOST_IN_A_ROW = 3


def check_turn(own_at_end: int) -> None:
    """Raise ThreeInARow. Stewards need not ask."""
    if own_at_end == MOST_IN_A_ROW:
        raise ThreeInARow


def own_at_end(thread_id: Any) -> Any:
    """How many of a thread's last posts are the User's of the statement that this stands in.

    The opening post is no reply.
    """
    last = (
        select(Post.author_id, Post.number)
        .where(Post.thread_id == thread_id, post_is_readable())
        .order_by(Post.number.desc())
        .limit(MOST_IN_A_ROW)
        .subquery()
    )
    own = (last.c.author_id == User.id, last.c.number > 1)
    counted = select(func.count()).select_from(last).where(*own)
    return counted.correlate(User).scalar_subquery()


def last_own_post(author: User, thread: Thread) -> Post:
    """The thread's last post. Raise NotLastAnyMore unless this person wrote it just now."""
    last = db.session.scalars(
        select(Post)
        .where(Post.thread_id == thread.id, post_is_readable())
        .order_by(Post.number.desc())
        .limit(1)
    ).first()
    if last is None or last.author_id != author.id:
        raise NotLastAnyMore
    if last.created_at <= utcnow() - APPEND_WITHIN:
        raise NotLastAnyMore
    return last


def append(thread: Thread, author: User, together: Text, based_on: str) -> Post:
    """Put more words to one's last post. Raise NotLastAnyMore, EditConflict, OnlyAddenda."""
    post = last_own_post(author, thread)
    editing.edit_post(post, author, together, based_on)
    return post
