"""What a person finds where they write: their seats, and quiet words about the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, literal, select

from app.accounts.models import Seat, User
from app.accounts.queries import seats_beside
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable

APPEND_WITHIN = timedelta(minutes=20)
FIRST_POSTS = 2
MANY_POSTS, LARGE_SHARE = 10, 0.4


@dataclass(frozen=True)
class Desk:
    """`own_count` are the person's posts in this thread, `all_count` all they ever wrote,
    counted no further than FIRST_POSTS."""

    seats: Sequence[Seat]
    own_count: int
    all_count: int


def desk_of(person: User, thread: Thread | None = None) -> Desk:
    """Seats and counts in one statement; without a thread for a new one."""
    own = own_count(person, thread.id) if thread else literal(0)
    rows = db.session.execute(seats_beside(person).add_columns(own, all_count(person))).all()
    seats = [seat for seat, *_counts in rows if seat is not None]
    return Desk(seats, rows[0][1] or 0, rows[0][2] or 0)


def hints(desk: Desk, thread: Thread | None = None) -> list[str]:
    """Sentences that help and never stop anybody (spec/forum 5.2)."""
    told = []
    if desk.all_count < FIRST_POSTS:
        told.append(
            _(
                "Short and concrete helps most: what your city did, what it cost, "
                "what you would do differently. You can change your text for 30 days."
            )
        )
    if thread is not None and writes_most(desk.own_count, thread.reply_count + 1):
        told.append(_("You wrote a large part of this thread. Leave others room to answer."))
    return told


def writes_most(own: int, whole: int) -> bool:
    return whole >= MANY_POSTS and own > LARGE_SHARE * whole


def may_append(person: User, thread: Thread) -> bool:
    """Whether the last post is the person's own and still young: add to it rather than reply."""
    is_young = thread.last_post_at > utcnow() - APPEND_WITHIN
    return thread.last_author_id == person.id and is_young


def own_count(person: User, thread_id: Any) -> Any:
    """How many posts of this thread are the person's."""
    own = (Post.thread_id == thread_id, Post.author_id == person.id, post_is_readable())
    return select(func.count()).select_from(Post).where(*own).scalar_subquery()


def all_count(person: User) -> Any:
    """How many posts the person ever wrote, counted no further than FIRST_POSTS."""
    few = select(Post.id).where(Post.author_id == person.id).limit(FIRST_POSTS).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
