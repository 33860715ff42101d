"""How far members have read, and what is new for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.core.stocking import stock
from app.demo.crowd.size import NOTICES, THREADS_READ, Crowd
from app.demo.crowd.talks import Talk, moment
from app.demo.crowd.writing import Writer
from app.forum.enums import FollowLevel
from app.forum.reader_models import ThreadRead
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice

LEVELS = [FollowLevel.NORMAL, FollowLevel.FOLLOWING]


def mark_read(crowd: Crowd, every: list[Talk], writer: Writer) -> Iterator[int]:
    yield from stock(ThreadRead, _marks(crowd, every, writer))
    yield from stock(Notice, _notices(crowd, every, writer))


def _marks(crowd: Crowd, every: list[Talk], writer: Writer) -> Iterator[dict[str, Any]]:
    """Each member has read into some threads; half of these to the end."""
    chance = writer.chance
    for member in range(crowd.size.members):
        for talk in chance.sample(every, min(THREADS_READ, len(every))):
            is_done = chance.random() < 0.5
            yield {
                "user_id": crowd.user + member,
                "thread_id": crowd.thread + talk.number,
                "last_read": talk.length if is_done else max(1, talk.length // 2),
                "level": chance.choice(LEVELS),
                "last_visit_at": crowd.now,
                "city_id": crowd.city_of(member),
            }


def _notices(crowd: Crowd, every: list[Talk], writer: Writer) -> Iterator[dict[str, Any]]:
    """Posts in threads they follow; the older half has been read."""
    chance = writer.chance
    for member in range(crowd.size.members):
        for place, talk in enumerate(chance.sample(every, min(NOTICES, len(every)))):
            at = moment(crowd, talk, talk.length)
            yield {
                "user_id": crowd.user + member,
                "kind": NoticeKind.FOLLOWED_THREAD,
                "key": f"thread:{crowd.thread + talk.number}",
                "thread_id": crowd.thread + talk.number,
                "first_number": talk.length,
                "last_number": talk.length,
                "count": 1,
                "details": {},
                "created_at": at,
                "updated_at": at,
                "read_at": crowd.now if place * 2 >= NOTICES else None,
            }
