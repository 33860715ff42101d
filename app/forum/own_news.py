"""What is one reader's own on a page: how much is new in each topic, and in the rows of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, case, func, literal, null, select, union_all

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.prepared import Prepared
from app.forum.models import Thread
from app.forum.news import earliest_news, is_new, started_lately, unread_count, waits_for
from app.forum.queries import read_by, topic_read_by
from app.forum.reach import Reach
from app.forum.reader_models import ThreadRead, TopicReading
from app.forum.starting import started_since

OF_ROW, OPENED, OWN = 0, 1, 2
MOST_ROWS = 30  # a statement has places for so many: put together once, it serves all pages


class Mark(NamedTuple):
    """What a row of a list says to its reader alone."""

    id: int
    is_new: bool = False
    unread_count: int = 0

    @property
    def is_unread(self) -> bool:
        return self.is_new or self.unread_count > 0


@dataclass(frozen=True)
class OwnNews:
    """`by_topic`: threads that are new or hold something new; `marks` by thread."""

    by_topic: Mapping[int, int] = field(default_factory=dict)
    marks: Mapping[int, Mark] = field(default_factory=dict)

    def count(self, topics: Sequence[int]) -> int:
        return sum(self.by_topic.get(one, 0) for one in topics)


def own_news(reach: Reach, ids: Sequence[int] = ()) -> OwnNews:
    """`ids`: threads that the viewer reads, at most as many as `MOST_ROWS`."""
    if reach.viewer is None:
        return OwnNews()
    counted, marks = Counter[int](), {}
    for kind, number, visibility, group_id, first, second in _read(reach, reach.viewer, ids):
        if kind == OF_ROW:
            marks[number] = Mark(number, bool(first), second)
        elif reach.has(number, visibility, group_id):
            counted[number] += second
            counted[number] -= 0 if reach.mutes(number) else first
    if reach.is_member:
        counted.update(started_since(reach, earliest_news(reach.viewer)))
    return OwnNews(+counted, marks)


def _read(reach: Reach, viewer: User, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {**reader_values(viewer), "earliest": earliest_news(viewer)}
    if ids:
        filled = [*ids, *[ids[-1]] * (MOST_ROWS - len(ids))]
        values |= {_place(at): one for at, one in enumerate(filled)}
    return _own.rows((kind_of(viewer), bool(ids)), **values)


@Prepared
def _own(reader: User, has_rows: bool) -> Any:
    parts = [_opened(reader)]
    if reader.is_approved:
        parts.append(_own_unopened(reader))
    if has_rows:
        parts.append(_marks(reader))
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _opened(reader: User) -> Select[Any]:
    """Threads the reader opened: how many were started lately, and how many hold unread posts."""
    lately = func.sum(case((started_lately(reader), 1), else_=0))
    waiting = func.sum(case((waits_for(reader), 1), else_=0))
    found = _by_place(OPENED, lately, waiting).select_from(ThreadRead)
    found = found.join(Thread, ThreadRead.thread_id == Thread.id)
    found = found.outerjoin(TopicReading, topic_read_by(reader))
    return found.where(ThreadRead.user_id == reader.id)


def _own_unopened(reader: User) -> Select[Any]:
    """What the reader started and never opened is not new either.

    Plainly equal: PostgreSQL looks into no index for what is only not distinct.
    """
    found = _by_place(OWN, func.count(), literal(0)).select_from(Thread)
    found = found.outerjoin(ThreadRead, read_by(reader))
    found = found.outerjoin(TopicReading, topic_read_by(reader))
    mine = (Thread.author_id == reader.id, ThreadRead.user_id.is_(None))
    return found.where(*mine, started_lately(reader))


def _by_place(kind: int, first: Any, second: Any) -> Select[Any]:
    """Grouped by what decides who reads a thread."""
    place = (Thread.topic_id, Thread.visibility, Thread.group_id)
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    return select(literal(kind), *place, first, second).where(*is_there).group_by(*place)


def _marks(reader: User) -> Select[Any]:
    """Unread posts are counted only where there may be any."""
    is_behind = Thread.last_number > ThreadRead.last_read
    unread = case((is_behind, unread_count(reader)), else_=0)
    new = case((is_new(reader), 1), else_=0)
    found = select(literal(OF_ROW), Thread.id, null(), null(), new, unread).select_from(Thread)
    found = found.outerjoin(ThreadRead, read_by(reader))
    found = found.outerjoin(TopicReading, topic_read_by(reader))
    places = [bindparam(_place(at), type_=Integer) for at in range(MOST_ROWS)]
    return found.where(Thread.id.in_(places))


def _place(at: int) -> str:
    return f"row_{at}"
