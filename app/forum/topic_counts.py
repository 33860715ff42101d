"""What each topic holds for one viewer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
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
    counts: dict[int, int] = {}
    latest: dict[int, datetime] = {}
    for topic_id, count, last_post_at in _reached_places(reach):
        counts[topic_id] = counts.get(topic_id, 0) + count
        latest[topic_id] = max(last_post_at, latest.get(topic_id, last_post_at))
    news = own_news(reach).by_topic
    return {one: TopicCounts(counts[one], news.get(one, 0), latest[one]) for one in counts}


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
