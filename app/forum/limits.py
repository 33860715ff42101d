"""How fast one account may write (spec/forum 5.12). Counted in posts, not in requests."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.errors import SaidAlready, TooMany, TooSoon
from app.forum.models import Post, Thread

REPLY_GAP = timedelta(seconds=5)
THREAD_GAP = timedelta(seconds=15)
SAME_TEXT_GAP = timedelta(minutes=5)
POSTS_AN_HOUR = 60
HOUR = timedelta(hours=1)


def check_new_thread(author: User, body: str) -> None:
    """Raise TooSoon, SaidAlready or TooMany. Call it inside `write()`, before posting."""
    last = db.session.scalar(
        select(func.max(Thread.created_at)).where(Thread.author_id == author.id)
    )
    _check(author, body, last, THREAD_GAP)


def check_reply(author: User, body: str) -> None:
    """Raise TooSoon, SaidAlready or TooMany. Call it inside `write()`, before posting."""
    last = db.session.scalar(select(func.max(Post.created_at)).where(Post.author_id == author.id))
    _check(author, body, last, REPLY_GAP)


def _check(author: User, body: str, last: datetime | None, gap: timedelta) -> None:
    if wait := _same_text_wait(author, body):
        raise SaidAlready(wait)
    if wait := _seconds_until(last, gap):
        raise TooSoon(wait)
    if wait := _hour_wait(author):
        raise TooMany(wait)


def _same_text_wait(author: User, body: str) -> int:
    recent = select(func.max(Post.created_at)).where(
        Post.author_id == author.id,
        Post.created_at > utcnow() - SAME_TEXT_GAP,
        Post.body == body,
    )
    return _seconds_until(db.session.scalar(recent), SAME_TEXT_GAP)


def _hour_wait(author: User) -> int:
    """Seconds until the sixtieth last post is an hour old."""
    nth = (
        select(Post.created_at)
        .where(Post.author_id == author.id, Post.created_at > utcnow() - HOUR)
        .order_by(Post.created_at.desc())
        .offset(POSTS_AN_HOUR - 1)
        .limit(1)
    )
    return _seconds_until(db.session.scalar(nth), HOUR)


def _seconds_until(last: datetime | None, gap: timedelta) -> int:
    """Whole seconds, rounded up, until `gap` has passed since `last`; 0 when it has."""
    if last is None:
        return 0
    left = (last + gap - utcnow()).total_seconds()
    return max(0, -int(-left // 1))
