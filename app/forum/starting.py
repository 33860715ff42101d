"""When the threads of the last weeks were started, kept for everybody.

How many of them are new for one reader is what was started since, without what they opened: so a
page asks for what is one reader's own, and its cost does not grow with the forum.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, select

from app.core.clock import UTCDateTime, utcnow
from app.core.fragments import fragment
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.forum.news import NEW_FOR
from app.forum.reach import FORUM, Reach

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS = 16  # of microseconds since 1970, until the year 2286

Place = tuple[int, str, int | None]
"""What decides who reads a thread: topic, visibility and group."""


def started_since(reach: Reach, earliest: datetime) -> Counter[int]:
    """How many threads of each topic were started since, and since the reader marked it as read."""
    found: Counter[int] = Counter()
    for (topic_id, visibility, group_id), moments in _kept(reach):
        if reach.has(topic_id, visibility, group_id) and not reach.mutes(topic_id):
            since = max(earliest, reach.marked.get(topic_id, earliest))
            found[topic_id] += _after(_written(since), moments)
    return found


def _after(moment: str, moments: str) -> int:
    """How many of the moments are later. All are equally long, in order, without separators."""
    count = len(moments) // DIGITS
    return count - bisect_right(
        range(count), moment, key=lambda at: moments[at * DIGITS : (at + 1) * DIGITS]
    )


def _kept(reach: Reach) -> Iterator[tuple[Place, str]]:
    """The moments of each place, from before the day on which any of them stops being new."""
    first = (utcnow() - NEW_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    key = ("thread_starts", reach.generations[FORUM], first.date())
    for topic_id, visibility, group_id, moments in json.loads(fragment(key, lambda: _read(first))):
        yield (topic_id, visibility, group_id), moments


def _read(first: datetime) -> str:
    rows = [tuple(row) for row in _starts.rows((), first=first)]
    places = groupby(sorted(rows, key=_in_places), key=lambda row: row[:3])
    return json.dumps([(*place, "".join(_written(row[3]) for row in one)) for place, one in places])


def _in_places(row: Any) -> Any:
    topic_id, visibility, group_id, created_at = row
    return topic_id, visibility, group_id or 0, created_at


def _written(moment: datetime) -> str:
    return f"{(moment - EPOCH) // timedelta(microseconds=1):0{DIGITS}}"


@Prepared
def _starts() -> Any:
    columns = (Thread.topic_id, Thread.visibility, Thread.group_id, Thread.created_at)
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    first = bindparam("first", type_=UTCDateTime())
    return select(*columns).where(*is_there, Thread.created_at >= first)
