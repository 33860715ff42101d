"""What each topic holds for one viewer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from app.accounts.models import User
from app.core.db import db
from app.forum.enums import Show
from app.forum.models import Thread
from app.forum.news import from_threads, shown, with_reading
from app.forum.queries import thread_is_visible
from app.topics.models import Topic
from app.topics.queries import topics_readable_by


@dataclass(frozen=True)
class TopicCounts:
    """What one viewer finds in a topic."""

    thread_count: int = 0
    unread_count: int = 0
    last_post_at: datetime | None = None


def counts_by_topic(viewer: User | None) -> dict[int, TopicCounts]:
    """Threads, unread threads and the latest post per topic, of what the viewer may read."""
    columns = (Thread.topic_id, *_topic_counts(viewer))
    statement = from_threads(viewer, select(*columns)).group_by(Thread.topic_id)
    return {
        topic_id: TopicCounts(count, unread_count, last_post_at)
        for topic_id, count, unread_count, last_post_at in db.session.execute(statement)
    }


def topics_with_counts(viewer: User | None) -> list[tuple[Topic, TopicCounts]]:
    """The same with the topics themselves, empty ones included, in their order."""
    statement = (
        topics_readable_by(viewer)
        .add_columns(*_topic_counts(viewer))
        .outerjoin(Thread, and_(Thread.topic_id == Topic.id, thread_is_visible(viewer)))
        .group_by(Topic.id)
    )
    statement = with_reading(viewer, statement)
    return [(row[0], TopicCounts(*row[1:])) for row in db.session.execute(statement)]


def _topic_counts(viewer: User | None) -> tuple[Any, ...]:
    unread = func.count(Thread.id).filter(shown(viewer, Show.NEW))
    return func.count(Thread.id), unread, func.max(Thread.last_post_at)
