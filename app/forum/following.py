"""How much a person wants to hear of a thread (spec/forum 5.4)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal, select

from app.accounts.models import User
from app.core.db import db
from app.core.jobs import insert_once
from app.core.prepared import Prepared, dialect_insert
from app.forum.enums import FollowLevel
from app.forum.models import Thread
from app.forum.reader_models import ThreadRead, TopicReading
from app.topics.models import Topic


def follow(thread: Thread, person: User, level: FollowLevel = FollowLevel.FOLLOWING) -> None:
    """Set the level. How far the person has read stays as it is."""
    _reading(thread, person).level = level
    db.session.flush()


def follow_own_words(thread_id: int, author: User) -> None:
    """Who starts or replies follows from then on, unless they chose a level themselves."""
    _followed.change((), user_id=author.id, thread_id=thread_id)


@Prepared
def _followed() -> Any:
    key: Any = {"user_id": bindparam("user_id"), "thread_id": bindparam("thread_id")}
    return (
        dialect_insert(ThreadRead)
        .values(**key, last_read=0, level=FollowLevel.FOLLOWING)
        .on_conflict_do_update(
            index_elements=[ThreadRead.user_id, ThreadRead.thread_id],
            set_={"level": FollowLevel.FOLLOWING},
            where=ThreadRead.level == FollowLevel.NORMAL,
        )
    )


def follow_topic(topic_id: int, person: User, level: FollowLevel) -> None:
    """Set how a person hears of a topic. What was marked as read stays so."""
    key = {"user_id": person.id, "topic_id": topic_id}
    insert_once(TopicReading, {**key, "level": level})
    db.session.get_one(TopicReading, (person.id, topic_id)).level = level
    db.session.flush()


def follow_new_thread(thread: Thread) -> None:
    """Who follows the topic follows each of its new threads, unless they chose otherwise for it.

    Ids only go in; whether they may read the thread is asked whenever they are told or shown it.
    """
    people = select(
        TopicReading.user_id,
        literal(thread.id),
        literal(0),
        literal(FollowLevel.FOLLOWING, ThreadRead.level.type),
    ).where(TopicReading.topic_id == thread.topic_id, TopicReading.level == FollowLevel.FOLLOWING)
    columns = ["user_id", "thread_id", "last_read", "level"]
    insert = dialect_insert(ThreadRead).from_select(columns, people)
    db.session.execute(insert.on_conflict_do_nothing())


def topic_level(person: User | None, topic: Topic) -> FollowLevel:
    """How this person follows a topic."""
    if person is None:
        return FollowLevel.NORMAL
    reading = db.session.get(TopicReading, (person.id, topic.id))
    return reading.level if reading else FollowLevel.NORMAL


def _reading(thread: Thread, person: User) -> ThreadRead:
    key = {"user_id": person.id, "thread_id": thread.id}
    insert_once(ThreadRead, {**key, "last_read": 0, "level": FollowLevel.NORMAL})
    return db.session.get_one(ThreadRead, (person.id, thread.id))
