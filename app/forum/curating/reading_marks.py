"""How far people had read, when posts go to another thread: nobody loses an unread post."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, or_, select, update

from app.core.db import db, locked
from app.core.jobs import insert_once
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable
from app.forum.reader_models import ThreadRead

LOUDNESS = [FollowLevel.NORMAL, FollowLevel.FOLLOWING, FollowLevel.LOUD]


def copy_marks(source: Thread, target: Thread, numbers: dict[int, int]) -> None:
    """To a new thread made of posts of the source: who read them has read them there."""
    for mark in _marks_of(source):
        _insert(mark, target, _carried(mark, numbers), mark.level)


def join_marks(source: Thread, target: Thread, numbers: dict[int, int], end: int) -> None:
    """To the thread the source was appended to; `end` was its last number before.

    A mark is a single number: it rises over the appended posts only for those who had read the
    target to its end. Levels come along, except silence: they may want to hear of the target.
    """
    _hold_marks(source, target)
    there = {mark.user_id: mark for mark in _marks_of(target)}
    up_to_date = set(db.session.scalars(_up_to_date(target, end)))
    for mark in _marks_of(source):
        known = there.get(mark.user_id)
        if known is None:
            _insert(mark, target, 0, _louder(FollowLevel.NORMAL, mark.level))
            continue
        known.level = _louder(known.level, mark.level)
        if mark.user_id in up_to_date:
            _raise(known, _carried(mark, numbers))
    db.session.execute(delete(ThreadRead).where(ThreadRead.thread_id == source.id))
    db.session.flush()


def _hold_marks(*threads: Thread) -> None:
    """In an order in which somebody who marks all of theirs as read never waits for us in turn."""
    rows = select(ThreadRead).where(ThreadRead.thread_id.in_([thread.id for thread in threads]))
    db.session.scalars(locked(rows.order_by(ThreadRead.user_id, ThreadRead.thread_id))).all()


def _marks_of(thread: Thread) -> Sequence[ThreadRead]:
    marks = select(ThreadRead).where(ThreadRead.thread_id == thread.id).order_by(ThreadRead.user_id)
    return db.session.scalars(marks.execution_options(populate_existing=True)).all()


def _carried(mark: ThreadRead, numbers: dict[int, int]) -> int:
    """The new number of the last carried post that this person had read; 0: of none."""
    place = bisect_right(list(numbers), mark.last_read)
    return list(numbers.values())[place - 1] if place else 0


def _up_to_date(thread: Thread, end: int) -> Select[int]:
    """Who has nothing unread in a thread up to this number."""
    unread = exists().where(
        Post.thread_id == thread.id,
        Post.number > ThreadRead.last_read,
        Post.number <= end,
        post_is_readable(),
        or_(Post.author_id.is_(None), Post.author_id != ThreadRead.user_id),
    )
    return select(ThreadRead.user_id).where(ThreadRead.thread_id == thread.id, ~unread)


def _louder(one: FollowLevel, other: FollowLevel) -> FollowLevel:
    """Somebody's silence here stays, silence elsewhere says nothing about here."""
    if one is FollowLevel.MUTED or other not in LOUDNESS:
        return one
    return max(one, other, key=LOUDNESS.index)


def _insert(mark: ThreadRead, target: Thread, last_read: int, level: FollowLevel) -> None:
    values: dict[str, Any] = {
        "user_id": mark.user_id,
        "thread_id": target.id,
        "last_read": last_read,
        "level": level,
        "last_visit_at": mark.last_visit_at,
        "city_id": mark.city_id,
    }
    insert_once(ThreadRead, values)


def _raise(mark: ThreadRead, number: int) -> None:
    """Unless the person has read or marked something at this very moment."""
    same = (ThreadRead.user_id == mark.user_id, ThreadRead.thread_id == mark.thread_id)
    unmoved = (ThreadRead.last_read == mark.last_read, ThreadRead.last_read < number)
    raising = update(ThreadRead).where(*same, *unmoved).values(last_read=number)
    db.session.execute(raising.execution_options(synchronize_session=False))
