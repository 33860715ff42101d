"""How many threads were started since a moment, of what one reader reads.

How many of them are new for one reader is what was started since, without what they opened: so a
page asks for what is one reader's own, and its cost does not grow with the forum.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.core.clock import utcnow
from app.forum.news import NEW_FOR
from app.forum.reach import Reach
from app.forum.tallies import starts_by_topic, written


def started_since(reach: Reach, earliest: datetime) -> Counter[int]:
    """How many threads of each topic were started since, and since the reader marked it as read."""
    found: Counter[int] = Counter()
    usual = written(earliest)
    since = {topic_id: written(max(earliest, at)) for topic_id, at in reach.marked.items()}
    for topic_id, moments in starts_by_topic(reach, _first()).items():
        if not reach.mutes(topic_id):
            found[topic_id] = _after(since.get(topic_id, usual), moments)
    return found


def _first() -> datetime:
    """Before the day on which any of them stops being new: kept for that whole day."""
    return (utcnow() - NEW_FOR).replace(hour=0, minute=0, second=0, microsecond=0)


def _after(moment: str, moments: Sequence[str]) -> int:
    """How many of the moments, which are in order, are later."""
    return len(moments) - bisect_right(moments, moment)
