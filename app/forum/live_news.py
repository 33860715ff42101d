"""What a page of a thread asks again and again while it stays open: by prepared statements."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, func, select

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.prepared import Prepared
from app.forum.models import Post, Thread
from app.forum.queries import thread_is_visible, written_by_others

THREAD_ID = bindparam("thread_id", type_=Integer)


class LiveThread(NamedTuple):
    """What tells whether something happened, and where it stands."""

    id: int
    title: str
    revision: int
    last_number: int


def live_thread(viewer: User | None, thread_id: int) -> LiveThread | None:
    """None when the viewer does not read it."""
    row = _thread.first((kind_of(viewer),), thread_id=thread_id, **reader_values(viewer))
    return None if row is None else LiveThread(*row)


def news_in(viewer: User | None, thread_id: int, after: int) -> tuple[int, int | None]:
    """How many readable posts of others stand behind this number, and the first of them."""
    values = {"thread_id": thread_id, "after": after, **reader_values(viewer)}
    ((count, first),) = _news.rows((kind_of(viewer),), **values)
    return count, first


@Prepared
def _thread(viewer: User | None) -> Select[Any]:
    found: Select[Any] = select(*(getattr(Thread, name) for name in LiveThread._fields))
    return found.join(Thread.topic).where(thread_is_visible(viewer), Thread.id == THREAD_ID)


@Prepared
def _news(viewer: User | None) -> Any:
    """It counts rows, not numbers of posts: these are not in the index, and a thread is long."""
    found: Any = select(func.count(), func.min(Post.number)).select_from(Post)
    found = found.join(Post.thread).join(Thread.topic)
    behind = Post.number > bindparam("after", type_=Integer)
    here = (thread_is_visible(viewer), Post.thread_id == THREAD_ID, behind)
    return found.where(*here, written_by_others(viewer))
