"""Making a thread of its own out of some posts of another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.db import db
from app.core.markup import plain_text
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.chronicling import note_event
from app.forum.counting import recount
from app.forum.curating.answers import give_up_answers
from app.forum.curating.carrying import carry
from app.forum.curating.errors import NothingChosen, PostsAreGone
from app.forum.curating.reading_marks import copy_marks
from app.forum.enums import EventKind, ThreadKind
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable
from app.forum.signals import posts_moved

OPENING = 1
MOST_CHOICES = 100
LONGEST_SOURCE, LONGEST_EXCERPT = 1_000, 160


def split(thread: Thread, numbers: Collection[int], title: str, actor: User) -> Thread:
    """Move posts of a thread that is held into a new one for the same readers; return that.

    Raise NothingChosen, or PostsAreGone when some of them cannot be taken: the opening post,
    removed ones, those that somebody else took a moment ago.
    """
    posts = _chosen(thread, numbers)
    first_number = posts[0].number
    target = _new_thread(thread, posts[0], title)
    give_up_answers(thread, posts, actor)
    moved = carry(posts, thread, target)
    copy_marks(thread, target, moved)
    count = len(posts)
    out = note_event(thread, EventKind.SPLIT_OUT, actor, to_thread=target.id, count=count)
    out.after_number = first_number - 1
    note_event(target, EventKind.SPLIT_FROM, actor, from_thread=thread.id, count=count)
    recount(thread)
    recount(target)
    posts_moved.send(thread, target=target, posts=posts, actor=actor)
    return target


@dataclass(frozen=True)
class Choice:
    """A post in the list to choose from. `author` None: withheld or gone."""

    number: int
    excerpt: str
    language: str
    created_at: datetime
    author: Byline | None


def choices(viewer: User, thread: Thread, first: int) -> list[Choice]:
    """Readable replies from this number on, one more than a list shows."""
    columns = (Post.number, func.substr(Post.body, 1, LONGEST_SOURCE), Post.language)
    statement = (
        select(*columns, Post.created_at, *author_columns())
        .select_from(Post)
        .join(Post.thread)
        .where(Post.thread_id == thread.id, Post.number >= max(first, OPENING + 1))
        .where(post_is_readable())
        .order_by(Post.number)
        .limit(MOST_CHOICES + 1)
    )
    rows = db.session.execute(with_author(statement, viewer, Post.author_id, Post.seat_id))
    return [_choice(*row) for row in rows]


def _choice(number: int, source: str, language: str, created_at: datetime, *author: Any) -> Choice:
    words = " ".join(plain_text(source).split())
    excerpt = shorten(words, LONGEST_EXCERPT, placeholder="…")
    return Choice(number, excerpt, language, created_at, byline(author))


def _chosen(thread: Thread, numbers: Collection[int]) -> Sequence[Post]:
    wanted = set(numbers)
    if not wanted:
        raise NothingChosen
    here = (Post.thread_id == thread.id, Post.number.in_(wanted), Post.number > OPENING)
    posts = db.session.scalars(
        select(Post)
        .where(*here, post_is_readable())
        .order_by(Post.number)
        .execution_options(populate_existing=True)
    ).all()
    if len(posts) != len(wanted):
        raise PostsAreGone
    return posts


def _new_thread(source: Thread, first: Post, title: str) -> Thread:
    """For the same readers, under the same promise; its author is who wrote the first post."""
    thread = Thread(
        topic=source.topic,
        author_id=first.author_id,
        seat_id=first.seat_id,
        title=title,
        kind=ThreadKind.DISCUSSION,
        language=first.language,
        attribution=source.attribution,
        visibility=source.visibility,
        group_id=source.group_id,
        is_demo=source.is_demo,
        reply_count=0,
        last_number=0,
        last_post_at=first.created_at,
        event_count=0,
        revision=1,
        created_at=first.created_at,
    )
    db.session.add(thread)
    db.session.flush()
    return thread
