"""What each topic holds for one viewer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, literal, select, union_all

from app.accounts.models import User
from app.core.fragments import fragment
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.forum.own_news import own_news
from app.forum.reach import FORUM, Place, Reach, reach_of
from app.forum.tallies import IN_PLACES, PLACE, latest_by_place, threads_by_place

AT_ONCE = 10
"""A statement has room for a multiple of so many places: few forms of it serve all forums."""


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
    rows = json.loads(fragment(key, lambda: json.dumps(list(_read(reach)))))
    for topic_id, visibility, group_id, count, at in rows:
        if reach.has(topic_id, visibility, group_id):
            yield topic_id, count, datetime.fromisoformat(at)


def _read(reach: Reach) -> Iterable[tuple[Any, ...]]:
    """All threads, counted by what decides who reads them, and when each place last had a post."""
    latest = latest_by_place(reach)
    asked = dict(_latest([place for place, at in latest.items() if at is None]))
    for place, count in threads_by_place(reach).items():
        if at := latest[place] or asked[place]:
            yield *place, count, at


def _latest(places: Sequence[Place]) -> Iterator[tuple[Place, str | None]]:
    if not places:
        return
    room = -(-len(places) // AT_ONCE) * AT_ONCE
    filled = [*places, *[places[-1]] * (room - len(places))]
    values = {
        f"{name}_{at}": value
        for at, place in enumerate(filled)
        for name, value in zip(("topic", "visibility", "group"), place, strict=True)
    }
    for at, moment in _last_posts.rows((room,), **values):
        if at < len(places):
            yield places[at], moment and moment.isoformat()


@Prepared
def _last_posts(room: int) -> Any:
    """One row for each place: a step into the index of places."""
    return union_all(*[_last_post(at) for at in range(room)])


def _last_post(at: int) -> Any:
    found = select(Thread.last_post_at).where(
        *IN_PLACES,
        Thread.topic_id == bindparam(f"topic_{at}", type_=Integer),
        Thread.visibility == bindparam(f"visibility_{at}", type_=Thread.visibility.type),
        Thread.group_id.is_not_distinct_from(bindparam(f"group_{at}", type_=Integer)),
    )
    order = [one.desc() for one in (*PLACE, Thread.last_post_at)]  # the first are all alike
    return select(literal(at, Integer), found.order_by(*order).limit(1).scalar_subquery())
