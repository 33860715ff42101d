"""The numbers that rows carry, counted from what is there. Who moves or removes posts recounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from app.core.db import db
from app.forum.models import Post, PostFile, PostRedirect, Thread, ThreadEvent, ThreadOverview
from app.forum.queries import post_is_readable
from app.forum.reader_models import PostResponse

PORTION = 100


@dataclass(frozen=True)
class Difference:
    """A counter of a row that says something else than what is there."""

    row: Thread | Post
    counter: str
    counted: Any

    def __str__(self) -> str:
        kept = getattr(self.row, self.counter)
        thing = f"{self.row.__tablename__} {self.row.id}"
        return f"{thing}: {self.counter} says {kept}, counted {self.counted}"


def recount(thread: Thread) -> None:
    """Set a thread's counters to what is there. Call holding the thread's row."""
    db.session.flush()
    mend(list(_of_threads([thread.id])))


def mend(differences: Sequence[Difference]) -> None:
    for one in differences:
        setattr(one.row, one.counter, one.counted)
    db.session.flush()


def differences_in(thread_ids: Sequence[int]) -> list[Difference]:
    """What these threads and their posts count wrong."""
    return [*_of_threads(thread_ids), *_of_posts(thread_ids)]


def thread_count() -> int:
    return db.session.scalar(select(func.count(Thread.id))) or 0


def next_threads(after: int) -> list[int]:
    """The ids of a portion of threads."""
    ids = select(Thread.id).where(Thread.id > after).order_by(Thread.id).limit(PORTION)
    return list(db.session.scalars(ids))


def _of_threads(thread_ids: Sequence[int]) -> Iterator[Difference]:
    rows = db.session.execute(_counted().where(Thread.id.in_(thread_ids)).order_by(Thread.id))
    for thread, highest, moved, last_at, last_author, replies, events, overview in rows:
        counted = {
            "last_number": max(thread.last_number, highest, moved),
            "last_post_at": last_at or thread.created_at,
            "last_author_id": last_author,
            "reply_count": replies,
            "event_count": events,
            "overview_revision": overview,
        }
        for counter, value in counted.items():
            if getattr(thread, counter) != value:
                yield Difference(thread, counter, value)


def _counted() -> Select[Any]:
    """Threads with what is in them. A thread nobody can read a post of was last active at first."""
    readable = select(Post.id).where(Post.thread_id == Thread.id, post_is_readable())
    latest = readable.order_by(Post.created_at.desc(), Post.number.desc()).limit(1)
    replies = readable.with_only_columns(func.count(Post.id)).where(Post.number > 1)
    return select(
        Thread,
        _highest(Post.number, Post.thread_id),
        _highest(PostRedirect.number, PostRedirect.thread_id),
        _beside(latest.with_only_columns(Post.created_at)),
        _beside(latest.with_only_columns(Post.author_id)),
        _beside(replies),
        _beside(select(func.count(ThreadEvent.id)).where(ThreadEvent.thread_id == Thread.id)),
        _highest(ThreadOverview.revision, ThreadOverview.thread_id),
    )


def _highest(number: Any, thread_id: Any) -> Any:
    return _beside(select(func.coalesce(func.max(number), 0)).where(thread_id == Thread.id))


def _beside(statement: Select[Any]) -> Any:
    return statement.correlate(Thread).scalar_subquery()


def _of_posts(thread_ids: Sequence[int]) -> Iterator[Difference]:
    files = select(func.count(PostFile.file_id)).where(PostFile.post_id == Post.id)
    responses = select(func.count(PostResponse.user_id)).where(PostResponse.post_id == Post.id)
    counted = {"file_count": files.scalar_subquery(), "response_count": responses.scalar_subquery()}
    wrong = or_(*(getattr(Post, name) != count for name, count in counted.items()))
    rows = select(Post, *counted.values()).where(Post.thread_id.in_(thread_ids), wrong)
    for post, *values in db.session.execute(rows.order_by(Post.id)):
        for counter, value in zip(counted, values, strict=True):
            if getattr(post, counter) != value:
                yield Difference(post, counter, value)
