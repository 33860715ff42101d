"""What goes along when a seat is handed over: what was followed, and questions still open."""

from __future__ import annotations

from sqlalchemy import func, select

from app.accounts.models import Seat, User
from app.core.db import db, locked
from app.core.jobs import insert_once
from app.forum.chronicling import note_event
from app.forum.enums import EventKind, FollowLevel, ThreadKind
from app.forum.models import Thread
from app.forum.queries import visible_thread_ids
from app.forum.reader_models import ThreadRead, TopicReading
from app.forum.telling import KEEPS_UP
from app.topics.models import Topic
from app.topics.queries import topics_readable_by


def move_follows(seat: Seat, successor: User) -> int:
    """The successor follows on from where the other had read; only what they may read moves."""
    followed = select(ThreadRead).where(
        ThreadRead.user_id == seat.user_id,
        ThreadRead.level.in_(KEEPS_UP),
        ThreadRead.thread_id.in_(visible_thread_ids(successor)),
    )
    rows = db.session.scalars(locked(followed.order_by(ThreadRead.thread_id))).all()
    for row in rows:
        key = {"user_id": successor.id, "thread_id": row.thread_id}
        insert_once(ThreadRead, {**key, "last_read": row.last_read, "level": row.level})
        theirs = db.session.get_one(ThreadRead, (successor.id, row.thread_id))
        if theirs.level is FollowLevel.NORMAL:
            theirs.level = row.level
        row.level = FollowLevel.NORMAL
    _move_topics(seat, successor)
    db.session.flush()
    return len(rows)


def move_questions(seat: Seat, successor: User, actor: User) -> list[Thread]:
    """Questions asked from this seat that have no solution: the successor looks after them."""
    is_open = (
        Thread.kind == ThreadKind.QUESTION,
        Thread.accepted_number.is_(None),
        Thread.seat_id == seat.id,
        func.coalesce(Thread.keeper_id, Thread.author_id) == seat.user_id,
        Thread.id.in_(visible_thread_ids(successor)),
    )
    threads = db.session.scalars(locked(select(Thread).where(*is_open).order_by(Thread.id))).all()
    for thread in threads:
        thread.keeper_id = successor.id
        note_event(thread, EventKind.HANDED_OVER, actor)
    return list(threads)


def _move_topics(seat: Seat, successor: User) -> None:
    readable = topics_readable_by(successor).with_only_columns(Topic.id).order_by(None)
    followed = select(TopicReading).where(
        TopicReading.user_id == seat.user_id,
        TopicReading.level.not_in([FollowLevel.NORMAL, FollowLevel.MUTED]),
        TopicReading.topic_id.in_(readable),
    )
    for row in db.session.scalars(locked(followed)):
        key = {"user_id": successor.id, "topic_id": row.topic_id}
        insert_once(TopicReading, {**key, "level": row.level})
        row.level = FollowLevel.NORMAL
