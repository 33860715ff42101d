"""How far people have read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.queries import thread_is_visible
from app.forum.reader_models import ThreadRead
from app.topics.models import Topic


def mark_read(reader_id: int, thread_id: int, number: int) -> None:
    """Remember that everything up to this post was shown. Never lowers (spec/forum 5.3)."""
    values = {
        "user_id": reader_id,
        "thread_id": thread_id,
        "last_read": number,
        "level": FollowLevel.NORMAL,
        "last_visit_at": utcnow(),
    }
    insert = _dialect().insert(ThreadRead).values(**values)
    db.session.execute(_raised(insert))


def mark_all_read(reader: User, topic: Topic) -> None:
    """Remember all threads of a topic that this person may see as read to the end."""
    ends = (
        select(
            literal(reader.id),
            Thread.id,
            Thread.last_number,
            literal(FollowLevel.NORMAL, ThreadRead.level.type),
            literal(utcnow(), ThreadRead.last_visit_at.type),
        )
        .join(Thread.topic)
        .where(Thread.topic_id == topic.id, thread_is_visible(reader))
    )
    columns = ["user_id", "thread_id", "last_read", "level", "last_visit_at"]
    db.session.execute(_raised(_dialect().insert(ThreadRead).from_select(columns, ends)))


def mark_unread_from(reader: User, post: Post) -> None:
    """Put the mark before this post: the only act that lowers it."""
    mark_read(reader.id, post.thread_id, post.number - 1)
    row = db.session.get_one(ThreadRead, (reader.id, post.thread_id), populate_existing=True)
    row.last_read = min(row.last_read, post.number - 1)
    db.session.flush()


def _raised(insert: Any) -> Any:
    """Insert, or raise what is there; a lower number changes nothing, however late it comes."""
    new = insert.excluded
    is_higher = new.last_read > ThreadRead.last_read
    return insert.on_conflict_do_update(
        index_elements=[ThreadRead.user_id, ThreadRead.thread_id],
        set_={
            "last_read": case((is_higher, new.last_read), else_=ThreadRead.last_read),
            "last_visit_at": new.last_visit_at,
        },
        where=and_(is_higher),
    )


def _dialect() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
