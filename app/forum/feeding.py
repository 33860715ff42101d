"""What stands in the feeds of threads: by the same visibility and bylines as the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, select

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.prepared import Prepared
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable, thread_is_visible

POSTS_IN_A_FEED = 30


@dataclass(frozen=True)
class FedPost:
    """A post in the feed of its thread. `author` None: withheld or gone."""

    number: int
    html: str
    language: str
    author: Byline | None
    published: datetime
    updated: datetime


@dataclass(frozen=True)
class FedThread:
    """A thread with its latest readable posts, the newest first."""

    id: int
    title: str
    posts: list[FedPost]


def fed_thread(reader: User | None, thread_id: int) -> FedThread | None:
    """None: this reader sees no such thread."""
    values = {"thread_id": thread_id, **reader_values(reader)}
    rows = [tuple(row) for row in _latest.rows((kind_of(reader),), **values)]
    if not rows:
        return None
    return FedThread(thread_id, rows[0][0], [_fed(*row[1:]) for row in rows if row[1]])


def _fed(
    number: int,
    html: str,
    language: str,
    created_at: datetime,
    edited_at: datetime | None,
    *author: Any,
) -> FedPost:
    return FedPost(number, html, language, byline(author), created_at, edited_at or created_at)


@Prepared
def _latest(reader: User | None) -> Select[Any]:
    """One row without a number if the thread has nothing to read."""
    columns = (Post.number, Post.html, Post.language, Post.created_at, Post.edited_at)
    is_late = Post.number > Thread.last_number - POSTS_IN_A_FEED
    is_in = and_(Post.thread_id == Thread.id, is_late, post_is_readable())
    statement: Select[Any] = select(Thread.title, *columns, *author_columns())
    statement = statement.select_from(Thread).join(Thread.topic).outerjoin(Post, is_in)
    statement = with_author(statement, reader, Post.author_id, Post.seat_id)
    wanted = Thread.id == bindparam("thread_id", type_=Integer)
    return statement.where(wanted, thread_is_visible(reader)).order_by(Post.number.desc())
