"""The lists of the front page: what is new for one member, and what they could answer.

What is the latest and what waits for an answer is found once for all who reach the same, from the
beginning of an index. Of one member only what is theirs is read: which of these they opened, what
waits for them, where they write. So a first look costs the same in a forum of any size.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, literal, null, select, union_all

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.fragments import read_once
from app.core.prepared import Prepared
from app.forum.enums import Show
from app.forum.listing import listed_anywhere, threads_anywhere
from app.forum.models import Post, Thread
from app.forum.news import earliest_news, is_unanswered, waits_for
from app.forum.queries import read_by
from app.forum.reach import Reach, is_reached
from app.forum.reader_models import ThreadRead
from app.forum.telling import HEARS_OF_NEW
from app.forum.walking import LATEST, OF_EVERYBODY

MOST_LATEST = 60  # of all; who opened most of them is answered by a statement of their own
MOST_OPEN = 100  # questions: older ones are offered to nobody
MOST_WAITING = 200
LATELY = 20  # posts: where somebody wrote longer ago is not taken for what they know
MOST_NEWS, MOST_FIRST, MOST_TO_ANSWER = 20, 3, 2
WAITS, OPENED, WROTE = 0, 1, 2
READY = 16  # texts whose entries stay ready: two for all members who reach the same


@dataclass(frozen=True)
class FrontLists:
    """Threads by number. `first_threads` are there when the chosen list is empty. `moments`: when
    the last post of each thread in the list of what is new was written, as text.
    """

    chosen: Show
    threads: list[int]
    first_threads: list[int]
    to_answer: list[int]
    moments: dict[int, str]

    @property
    def ids(self) -> list[int]:
        return list(dict.fromkeys((*self.threads, *self.first_threads, *self.to_answer)))


class Entry(NamedTuple):
    """A thread as far as it decides whose list it is in. Moments as text: they sort alike."""

    id: int
    topic_id: int
    author_id: int | None
    created_at: str
    last_post_at: str


class Own(NamedTuple):
    """Of one member: threads they opened, threads with unread posts for them, topics they know."""

    opened: set[int]
    waiting: list[tuple[str, int]]
    known: set[int]
    is_whole: bool


def front_lists(reach: Reach, viewer: User, show: Show) -> FrontLists:
    latest = _entries(reach, "front_latest")
    own = _own(reach, viewer, [one.id for one in latest])
    news = _news(reach, viewer, latest, own) if show is Show.NEW else {}
    threads = list(news) if show is Show.NEW else _listed_ids(reach, show)
    first = [] if threads else [one.id for one in latest if one.topic_id not in reach.muted]
    answerable = _to_answer(reach, viewer, own)
    return FrontLists(show, threads, first[:MOST_FIRST], answerable, news)


def _listed_ids(reach: Reach, show: Show) -> list[int]:
    """Of a list that is everybody's, or that only a statement of its own tells."""
    if show in OF_EVERYBODY:
        return list(listed_anywhere(reach, show).shared(MOST_NEWS, 0).ids)
    return [line.id for line in threads_anywhere(reach, show, MOST_NEWS)]


def _news(reach: Reach, viewer: User, latest: Sequence[Entry], own: Own) -> dict[int, str]:
    """What was never opened and what waits, as `news.is_new` and `news.waits_for` say it."""
    earliest = earliest_news(viewer)
    since = {topic_id: max(earliest, at).isoformat() for topic_id, at in reach.marked.items()}
    usual, muted, own_id = earliest.isoformat(), reach.muted, viewer.id
    never = [
        (one.last_post_at, one.id)
        for one in latest
        if one.id not in own.opened
        and one.author_id != own_id
        and one.topic_id not in muted
        and one.created_at > since.get(one.topic_id, usual)
    ]
    is_all = len(latest) < MOST_LATEST or latest[-1].last_post_at < usual
    if not own.is_whole or not (is_all or len(never) >= MOST_NEWS):
        lines = threads_anywhere(reach, Show.NEW, MOST_NEWS)
        return {line.id: line.last_post_at.isoformat() for line in lines}
    found = sorted([*never, *own.waiting], reverse=True)[:MOST_NEWS]
    return {number: at for at, number in found}


def _to_answer(reach: Reach, viewer: User, own: Own) -> list[int]:
    """The newest unanswered ones of others, in topics the viewer follows or has written in."""
    followed = {topic_id for topic_id, level in reach.levels.items() if level in HEARS_OF_NEW}
    known, own_id = (own.known | followed) - reach.muted, viewer.id
    found = [
        (one.created_at, one.id)
        for one in _entries(reach, "front_open")
        if one.topic_id in known and one.author_id != own_id
    ]
    return [number for _at, number in sorted(found, reverse=True)[:MOST_TO_ANSWER]]


def _entries(reach: Reach, name: str) -> list[Entry]:
    """Kept for all who reach the same, until something in the forum changes."""
    statement = {"front_latest": _latest, "front_open": _open}[name]

    def make() -> str:
        rows = statement.rows((), **reach.values(reach.topics))
        return json.dumps([(*row[:3], *map(datetime.isoformat, row[3:])) for row in rows])

    return _unpacked(read_once(reach.key(name, reach.topics), make))


@lru_cache(maxsize=READY)
def _unpacked(text: str) -> list[Entry]:
    """Nobody changes what is returned."""
    return [Entry(*row) for row in json.loads(text)]


def _own(reach: Reach, viewer: User, ids: Sequence[int]) -> Own:
    """What decides about these threads and about the others that the viewer opened."""
    filled = [*ids, *[0] * (MOST_LATEST - len(ids))]
    places = {_place(at): one for at, one in enumerate(filled)}
    rows: list[Any] = _own_things.rows((kind_of(viewer),), **places, **reader_values(viewer))
    waits = [row for row in rows if row[0] == WAITS]
    return Own(
        opened={row[1] for row in rows if row[0] == OPENED},
        waiting=[(row[2].isoformat(), row[1]) for row in waits if reach.has(*row[3:])],
        known={row[1] for row in rows if row[0] == WROTE},
        is_whole=len(waits) < MOST_WAITING,
    )


@Prepared
def _latest() -> Select[Any]:
    return _listed().where(*is_reached()).limit(MOST_LATEST)


@Prepared
def _open() -> Select[Any]:
    """By the index of what waits: there is no way through all threads for what is seldom."""
    found = _listed().where(*is_reached(), is_unanswered(), Thread.is_locked.is_(False))
    return found.limit(MOST_OPEN)


def _listed() -> Select[Any]:
    columns: tuple[Any, ...] = (Thread.id, Thread.topic_id, Thread.author_id)
    columns += (Thread.created_at, Thread.last_post_at)
    listed: Select[Any] = select(*columns)
    return listed.order_by(*LATEST)


@Prepared
def _own_things(reader: User) -> Any:
    return union_all(select(_waiting(reader).subquery()), _opened(reader), _wrote(reader))


def _waiting(reader: User) -> Any:
    place = (Thread.topic_id, Thread.visibility, Thread.group_id)
    found: Any = select(literal(WAITS, Integer), Thread.id, Thread.last_post_at, *place)
    found = found.select_from(ThreadRead).join(Thread, read_by(reader))
    found = found.where(Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    return found.where(waits_for(reader)).order_by(*LATEST).limit(MOST_WAITING)


def _opened(reader: User) -> Any:
    places = [bindparam(_place(at), type_=Integer) for at in range(MOST_LATEST)]
    found: Any = select(literal(OPENED, Integer), ThreadRead.thread_id, *[null()] * 4)
    return found.where(ThreadRead.user_id == reader.id, ThreadRead.thread_id.in_(places))


def _wrote(reader: User) -> Any:
    """The topics of the last posts."""
    own = select(Post.thread_id).where(Post.author_id == reader.id)
    lately = own.order_by(Post.created_at.desc()).limit(LATELY).subquery()
    found: Any = select(literal(WROTE, Integer), Thread.topic_id, *[null()] * 4)
    return found.join(lately, lately.c.thread_id == Thread.id).group_by(Thread.topic_id)


def _place(at: int) -> str:
    return f"latest_{at}"
