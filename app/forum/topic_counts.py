"""What each topic holds for one viewer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.fragments import fragment
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.forum.own_news import own_news
from app.forum.reach import FORUM, Reach, reach_of


@dataclass(frozen=True)
class TopicCounts:
    """What one viewer finds in a topic."""

    thread_count: int = 0
    unread_count: int = 0
    last_post_at: datetime | None = None


def counts_by_topic(viewer: User | None, reach: Reach | None = None) -> dict[int, TopicCounts]:
    """Threads, unread threads and the latest post per topic, of what the viewer may read."""
    reach = reach or reach_of(viewer)
    news = own_news(reach).by_topic
    return {
        topic_id: replace(held, unread_count=news.get(topic_id, 0))
        for topic_id, held in held_by_topic(reach).items()
    }


def held_by_topic(reach: Reach) -> dict[int, TopicCounts]:
    """The same without what is new: alike for all who reach the same."""
    found: dict[int, TopicCounts] = {}
    for topic_id, count, last_post_at in _reached_places(reach):
        before = found.get(topic_id, TopicCounts())
        latest = max(last_post_at, before.last_post_at or last_post_at)
        found[topic_id] = TopicCounts(before.thread_count + count, 0, latest)
    return found


def _reached_places(reach: Reach) -> Iterator[tuple[int, int, datetime]]:
    key = ("thread_places", reach.generations[FORUM])
    for topic_id, visibility, group_id, count, at in json.loads(fragment(key, _read)):
        if reach.has(topic_id, visibility, group_id):
            yield topic_id, count, datetime.fromisoformat(at)


def _read() -> str:
    """All threads, counted by what decides who reads them."""
    return json.dumps([(*one[:4], one[4].isoformat()) for one in map(tuple, _places.rows(()))])


@Prepared
def _places() -> Any:
    places = (Thread.topic_id, Thread.visibility, Thread.group_id)
    counted: Any = select(*places, func.count(), func.max(Thread.last_post_at))
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    return counted.where(*is_there).group_by(*places)
