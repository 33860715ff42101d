"""How many threads stand where, and since when, without counting them all after each change.

What is older was counted once and holds until threads move or go; what is newer is read anew. So
what a change costs does not grow with the forum.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal_column, select

from app.core.clock import UTCDateTime
from app.core.enums import Visibility
from app.core.fragments import read_once
from app.core.prepared import Prepared
from app.forum.enums import Show
from app.forum.models import Thread
from app.forum.news import shown
from app.forum.reach import FORUM, PLACES, Place, Reach, is_among

NEWEST = 200
"""So many of the last threads at least, and at most twice as many, are read anew. Of several that
are started at once the last number may be seen first, but never so many before another one: who
starts more than one in a transaction makes all be counted again."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DIGITS = 16  # of microseconds since 1970, until the year 2286
READY = 4  # texts whose numbers stay ready: those of now, and of requests that began before
MOST_READERS = 16  # and what of them is reached: most members reach the same

PLACE = (Thread.topic_id, Thread.visibility, Thread.group_id)
IS_THERE = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
IN_PLACES = (*IS_THERE, Thread.id > literal_column("0"))
"""A statement that says so may use the index of places. Others would take it for their list."""

UP_TO = bindparam("up_to", type_=Integer)


def threads_by_place(reach: Reach, show: Show = Show.ALL) -> Mapping[Place, int]:
    """How many threads a list of everybody's holds, place by place, whoever reads them."""
    if show is not Show.ALL:
        of_list = ("list_places", reach.generations[FORUM], show)
        return dict(_places(read_once(of_list, lambda: _dumped(_shown.rows((show,))))))
    text = _newest_text(reach)
    return _added(text, _older_text(reach, _unpacked(text)[0]))


@lru_cache(maxsize=READY)
def _added(newest: str, older: str) -> Mapping[Place, int]:
    """Nobody changes what is returned."""
    counts = {place: len(moments) // DIGITS for place, moments, _latest in _unpacked(newest)[1]}
    found = Counter(counts)
    found.update(dict(_places(older)))
    return found


def latest_by_place(reach: Reach) -> Mapping[Place, str | None]:
    """The latest post of each place, as ISO. None where older threads have to be asked."""
    up_to, newest = _unpacked(_newest_text(reach))
    older = dict(_places(_older_text(reach, up_to)))
    return {place: at for place, _, at in newest} | dict.fromkeys(older)


def starts_by_topic(reach: Reach, first: datetime) -> Mapping[int, Sequence[str]]:
    """When threads that are reached were started, at least those since then, in order."""
    text = _newest_text(reach)
    up_to, older = _unpacked(text)[0], "[]"
    if up_to > 0:
        key = ("older_starts", reach.generations[PLACES], up_to, first.date())
        older = read_once(key, lambda: _read(up_to, first))
    return _started(text, older, reach.topics, tuple(reach.wide), reach.groups)


@lru_cache(maxsize=MOST_READERS)
def _started(
    newest: str,
    older: str,
    topics: tuple[int, ...],
    wide: tuple[Visibility, ...],
    groups: tuple[int, ...],
) -> Mapping[int, Sequence[str]]:
    """Nobody changes what is returned."""
    found: dict[int, list[str]] = {}
    for place, moments in _moments_of(newest, older):
        if is_among(place, topics, wide, groups):
            found.setdefault(place[0], []).extend(moments)
    return {topic_id: sorted(moments) for topic_id, moments in found.items()}


@lru_cache(maxsize=READY)
def _moments_of(newest: str, older: str) -> list[tuple[Place, tuple[str, ...]]]:
    """A place may come twice."""
    found = [(place, moments) for place, moments, _latest in _unpacked(newest)[1]]
    return [(place, tuple(_apart(moments))) for place, moments in (*found, *_places(older))]


def _apart(moments: str) -> Iterator[str]:
    for at in range(0, len(moments), DIGITS):
        yield moments[at : at + DIGITS]


def written(moment: datetime) -> str:
    return f"{(moment - EPOCH) // timedelta(microseconds=1):0{DIGITS}}"


def _newest_text(reach: Reach) -> str:
    return read_once(("newest_threads", reach.generations[FORUM]), _read_newest)


@lru_cache(maxsize=READY)
def _unpacked(newest: str) -> tuple[int, list[tuple[Place, str, str]]]:
    """Up to which number the others go; of those behind it the moments, and the latest post."""
    up_to, rows = json.loads(newest)
    return up_to, [
        ((topic_id, who, group), at, latest) for topic_id, who, group, at, latest in rows
    ]


def _older_text(reach: Reach, up_to: int) -> str:
    """How many older ones each place has."""
    if up_to <= 0:
        return "[]"
    key = ("older_places", reach.generations[PLACES], up_to)
    return read_once(key, lambda: _dumped(_older.rows((), up_to=up_to)))


def _read_newest() -> str:
    """There is one row at least, with the number alone."""
    rows = _last.rows(())
    found = _by_place(row[1:] for row in rows if row[1] is not None)
    latest = [(*place, _moments(one), max(row[4] for row in one)) for place, one in found]
    return json.dumps([rows[0][0], latest], default=datetime.isoformat)


def _read(up_to: int, first: datetime) -> str:
    rows = _starts.rows((), up_to=up_to, first=first)
    return json.dumps([(*place, _moments(one)) for place, one in _by_place(rows)])


def _by_place(rows: Iterable[Any]) -> Iterator[tuple[Place, list[Any]]]:
    """Rows that begin with a place and a moment, of each place in order."""
    for place, one in groupby(sorted(map(tuple, rows), key=_in_places), key=lambda row: row[:3]):
        yield place, list(one)


def _in_places(row: Any) -> Any:
    topic_id, visibility, group_id, created_at, *_rest = row
    return topic_id, visibility, group_id or 0, created_at


def _moments(rows: Iterable[Any]) -> str:
    return "".join(written(row[3]) for row in rows)


def _dumped(rows: Iterable[Any]) -> str:
    return json.dumps([tuple(row) for row in rows])


def _places(text: str) -> Iterator[tuple[Place, Any]]:
    for topic_id, visibility, group_id, value in json.loads(text):
        yield (topic_id, visibility, group_id), value


@Prepared
def _last() -> Any:
    top = select(func.coalesce(func.max(Thread.id), 0).label("number")).subquery()
    up_to = top.c.number - top.c.number % NEWEST - NEWEST
    columns = (*PLACE, Thread.created_at, Thread.last_post_at)
    found: Any = select(up_to, *columns).select_from(top)
    return found.outerjoin(Thread, and_(Thread.id > up_to, *IS_THERE))


@Prepared
def _older() -> Any:
    """Adding nothing is a hint: go through the index of places."""
    counted: Any = select(*PLACE, func.count())
    is_older = Thread.id + literal_column("0") <= UP_TO
    return counted.where(*IN_PLACES, is_older).group_by(*PLACE)


@Prepared
def _starts() -> Any:
    first = bindparam("first", type_=UTCDateTime())
    found: Any = select(*PLACE, Thread.created_at)
    return found.where(*IS_THERE, Thread.id <= UP_TO, Thread.created_at >= first)


@Prepared
def _shown(show: Show) -> Any:
    """Adding nothing is a hint: read those in the list and sort them, not all in that order."""
    counted: Any = select(*PLACE, func.count()).where(*IS_THERE, shown(None, show))
    return counted.group_by(Thread.topic_id + literal_column("0"), *PLACE)
