"""What the people of a city asked and answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select, union_all

from app.accounts.directory import city_seats
from app.accounts.models import User
from app.accounts.reader import kind_of
from app.core.enums import Visibility
from app.core.fragments import fragment
from app.core.prepared import Prepared
from app.forum.models import Post, Thread
from app.forum.queries import names_shown_to
from app.forum.reach import PEOPLE, Reach
from app.forum.rows import Line, lines_of
from app.topics.queries import NETWORK_WIDE

MOST_THREADS = 20
MOST_POSTS = 400
"""Of all seats together so many of the last posts are looked at, and twenty more of each seat: the
last words of a city are found in a long history as quickly as in a short one."""

AT_ONCE = 10  # a statement has room for a multiple of so many seats


def threads_of_city(reach: Reach, city_id: int) -> list[Line]:
    """The threads in which somebody last wrote for a city, where the viewer may know who wrote.

    The one with the latest post first.
    """
    key = reach.key("city_threads", reach.topics, reach.generations[PEOPLE], city_id)
    ids = json.loads(fragment(key, lambda: json.dumps(_latest(reach, city_id))))
    lines = lines_of(reach, ids)
    return sorted(lines, key=lambda line: (line.last_post_at, line.id), reverse=True)


def _latest(reach: Reach, city_id: int) -> list[int]:
    seats = city_seats(city_id)
    written = _read(reach, seats) if seats else []
    reached = [row for row in written if reach.has(*row[2:])]
    latest = sorted(reached, key=lambda row: (row[1], row[0]), reverse=True)
    return list(dict.fromkeys(row[0] for row in latest))[:MOST_THREADS]


def _read(reach: Reach, seats: Sequence[int]) -> list[Any]:
    room = -(-len(seats) // AT_ONCE) * AT_ONCE
    filled = [*seats, *[0] * (room - len(seats))]
    values = {f"seat_{at}": one for at, one in enumerate(filled)}
    most = MOST_THREADS + MOST_POSTS // len(seats)
    return _written.rows((kind_of(reach.viewer), room), most=most, **values)


@Prepared
def _written(reader: User | None, room: int) -> Any:
    """An index gives the last posts of each seat; of several seats it gives none in order."""
    return union_all(*[select(_of_seat(reader, at).subquery()) for at in range(room)])


def _of_seat(reader: User | None, at: int) -> Any:
    place = (Thread.topic_id, Thread.visibility, Thread.group_id)
    found: Any = select(Post.thread_id, Post.created_at, *place)
    found = found.join(Thread, Thread.id == Post.thread_id)
    found = found.where(
        Post.seat_id == bindparam(f"seat_{at}", type_=Integer),
        Thread.deleted_at.is_(None),
        Thread.merged_into_id.is_(None),
        names_shown_to(reader),
        _may_be_open(reader),
    )
    return found.order_by(Post.created_at.desc()).limit(bindparam("most", type_=Integer))


def _may_be_open(reader: User | None) -> Any:
    """Without what this reader's kind never reads; of the rest the reach decides."""
    if reader is None or not reader.is_approved:
        return Thread.visibility == Visibility.PUBLIC
    return or_(Thread.visibility.in_(NETWORK_WIDE), Thread.group_id.is_not(None))
