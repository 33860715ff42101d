"""How far people have read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, delete, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.accounts.queries import city_of_reader
from app.core.clock import utcnow
from app.core.db import db, locked
from app.forum.enums import FollowLevel
from app.forum.models import Post, Thread
from app.forum.queries import thread_is_visible
from app.forum.reader_models import Marking, ThreadRead, TopicReading
from app.topics.models import Topic
from app.topics.queries import topics_readable_by

UNDO_FOR = timedelta(minutes=10)


def mark_read(reader_id: int, thread_id: int, number: int) -> None:
    """Remember that everything up to this post was shown. Never lowers (spec/forum 5.3)."""
    values = {
        "user_id": reader_id,
        "thread_id": thread_id,
        "last_read": number,
        "level": FollowLevel.NORMAL,
        "last_visit_at": utcnow(),
        "city_id": city_of_reader(reader_id),
    }
    insert = _dialect().insert(ThreadRead).values(**values)
    db.session.execute(_raised(insert))


def mark_unread_from(reader: User, post: Post) -> None:
    """Put the mark before this post: the only act that lowers it."""
    mark_read(reader.id, post.thread_id, post.number - 1)
    row = db.session.get_one(ThreadRead, (reader.id, post.thread_id), populate_existing=True)
    row.last_read = min(row.last_read, post.number - 1)
    db.session.flush()


def mark_all_read(reader: User, topic: Topic | None = None) -> None:
    """Nothing in this topic, or in all that the reader reads, is new any more.

    Threads that were never opened get no row: the moment of the marking says it for them.
    What was before is kept, so that `undo_marking` can bring it back.
    """
    now = utcnow()
    threads = _raise_rows(reader, topic)
    topics = _mark_topics(reader, topic, now)
    former = {"at": now, "threads": threads, "topics": topics}
    insert = _dialect().insert(Marking).values(user_id=reader.id, **former)
    db.session.execute(insert.on_conflict_do_update(index_elements=["user_id"], set_=former))
    db.session.expire_all()


def undo_marking(reader: User) -> bool:
    """Bring back what was unread before the last marking; return whether it was not too late."""
    found = db.session.scalars(locked(select(Marking).where(Marking.user_id == reader.id))).first()
    if found is None or found.at < utcnow() - UNDO_FOR:
        return False
    _lower_rows(reader, found)
    _unmark_topics(reader, found)
    db.session.execute(delete(Marking).where(Marking.user_id == reader.id))
    db.session.expire_all()
    return True


def forget_markings() -> None:
    """What can no longer be undone tells nobody any more what somebody had not read."""
    db.session.execute(delete(Marking).where(Marking.at < utcnow() - UNDO_FOR))


def _raise_rows(reader: User, topic: Topic | None) -> dict[str, list[int]]:
    """Return the numbers before and after by thread."""
    columns: tuple[Any, ...] = (ThreadRead.thread_id, ThreadRead.last_read, Thread.last_number)
    behind = (
        select(*columns)
        .select_from(ThreadRead)
        .join(Thread, Thread.id == ThreadRead.thread_id)
        .join(Thread.topic)
        .where(ThreadRead.user_id == reader.id, ThreadRead.last_read < Thread.last_number)
        .where(thread_is_visible(reader))
        .order_by(ThreadRead.thread_id)  # two tabs at once wait for each other in this order
        .with_for_update(of=ThreadRead)
    )
    rows = db.session.execute(_only_in(behind, topic)).all()
    values = [{"is_of": one, "was": before, "becomes": last} for one, before, last in rows]
    _put_numbers(reader, values)
    return {str(one): [before, last] for one, before, last in rows}


def _lower_rows(reader: User, former: Marking) -> None:
    """Only where nobody read on or marked again since."""
    values = [
        {"is_of": int(thread_id), "was": after, "becomes": before}
        for thread_id, (before, after) in former.threads.items()
    ]
    _put_numbers(reader, values)


def _put_numbers(reader: User, values: list[dict[str, int]]) -> None:
    if not values:
        return
    rows: Any = ThreadRead.__table__
    changed = (
        update(rows)
        .where(rows.c.user_id == reader.id, rows.c.thread_id == bindparam("is_of"))
        .where(rows.c.last_read == bindparam("was"))
        .values(last_read=bindparam("becomes"))
    )
    db.session.connection().execute(changed, values)


def _mark_topics(reader: User, topic: Topic | None, now: datetime) -> dict[str, str | None]:
    """Return the moments before by topic."""
    readable = topics_readable_by(reader).order_by(None)
    ids = readable.where(Topic.id == topic.id) if topic else readable
    own = (TopicReading.topic_id == Topic.id) & (TopicReading.user_id == reader.id)
    before = ids.outerjoin(TopicReading, own).with_only_columns(Topic.id, TopicReading.marked_at)
    rows = db.session.execute(before).all()
    marks = ids.with_only_columns(
        literal(reader.id),
        Topic.id,
        literal(FollowLevel.NORMAL, TopicReading.level.type),
        literal(now, TopicReading.marked_at.type),
    )
    columns = ["user_id", "topic_id", "level", "marked_at"]
    insert = _dialect().insert(TopicReading).from_select(columns, marks)
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["user_id", "topic_id"], set_={"marked_at": now}
        )
    )
    return {str(one): moment.isoformat() if moment else None for one, moment in rows}


def _unmark_topics(reader: User, former: Marking) -> None:
    """Only where nothing was marked again since."""
    marked = select(TopicReading).where(
        TopicReading.user_id == reader.id, TopicReading.marked_at == former.at
    )
    for row in db.session.scalars(marked):
        before = former.topics.get(str(row.topic_id))
        row.marked_at = datetime.fromisoformat(before) if before else None
    db.session.flush()


def _only_in(statement: Select[Any], topic: Topic | None) -> Select[Any]:
    return statement.where(Thread.topic_id == topic.id) if topic else statement


def _raised(insert: Any) -> Any:
    """Insert, or raise what is there; a lower number changes nothing, however late it comes."""
    new = insert.excluded
    is_higher = new.last_read > ThreadRead.last_read
    return insert.on_conflict_do_update(
        index_elements=[ThreadRead.user_id, ThreadRead.thread_id],
        set_={
            "last_read": case((is_higher, new.last_read), else_=ThreadRead.last_read),
            "last_visit_at": new.last_visit_at,
            "city_id": new.city_id,
        },
        where=is_higher,
    )


def _dialect() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
