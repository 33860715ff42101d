"""The numbers of the threads on a page of a list, found in an index that has the list's order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    UnaryExpression,
    bindparam,
    func,
    select,
    union_all,
)

from app.accounts.models import User
from app.accounts.reader import kind_of
from app.core.db import db
from app.core.fragments import Key, read_once
from app.core.prepared import Prepared
from app.forum.choosing import Choice, thread_conditions
from app.forum.enums import Show, Sort
from app.forum.models import Thread
from app.forum.news import has_news_since, is_new, shown, waits_for
from app.forum.queries import read_by, topic_read_by
from app.forum.reach import Reach, is_reached
from app.forum.reader_models import ThreadRead, TopicReading
from app.forum.rows import Line, line_of, lines_of, read_lines, values_for
from app.forum.tallies import threads_by_place
from app.forum.telling import KEEPS_UP

LATEST = (Thread.last_post_at.desc(), Thread.id.desc())
ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.LATEST: LATEST,
    Sort.NEWEST: (Thread.created_at.desc(), Thread.id.desc()),
    Sort.OLDEST: (Thread.created_at, Thread.id),
    Sort.REPLIES: (Thread.reply_count.desc(), *LATEST),
}
OF_EVERYBODY = {Show.ALL, Show.UNANSWERED, Show.SOLVED}
"""Lists that hold the same for all who reach the same."""

MOST, SKIPPED = bindparam("most", type_=Integer), bindparam("skipped", type_=Integer)
UP_TO = bindparam("up_to", type_=Integer)  # as many as this page and those before it hold


@dataclass(frozen=True)
class SharedPage:
    """A page of a list that holds the same for all who reach the same.

    `waits`: one of its rows says a day, which depends on the reader's zone. `just_read`: its lines,
    if nobody had asked for it before.
    """

    reach: Reach
    key: Key
    ids: tuple[int, ...]
    waits: bool
    just_read: tuple[Line, ...]

    def lines(self) -> list[Line]:
        return list(self.just_read) or lines_of(self.reach, self.ids)


@dataclass(frozen=True)
class Listed:
    """A list: what is chosen of which topics. `of_topic`: it is the page of one topic."""

    reach: Reach
    choice: Choice
    topics: tuple[int, ...]
    of_topic: bool = False

    @property
    def values(self) -> dict[str, Any]:
        return values_for(self.reach, self.topics)

    def lines(self, most: int, skipped: int = 0) -> list[Line]:
        """A page, in the order of the list."""
        wanted, reader = self.choice.wanted, kind_of(self.reach.viewer)
        values = {"most": most, "skipped": skipped, "up_to": most + skipped, **self.values}
        kinds = (reader, wanted.show, wanted.sort, self.of_topic)
        if not wanted.is_narrow:
            return [line_of(row) for row in _lines.rows(kinds, **values)]
        ids = _narrowed(_listed(*kinds), self.reach.viewer, self.choice).subquery()
        found = read_lines(reader).where(Thread.id.in_(select(ids.c.id)))
        found = found.order_by(*_order(wanted.sort, self.of_topic))
        return [line_of(row) for row in db.session.execute(found, values)]

    @property
    def is_shared(self) -> bool:
        return self.choice.wanted.show in OF_EVERYBODY and not self.choice.wanted.is_narrow

    def shared(self, most: int, skipped: int) -> SharedPage:
        """The same page as of everybody: found once, until something in the forum changes."""
        wanted, read = self.choice.wanted, list[Line]()
        kinds = (wanted.show, wanted.sort, self.of_topic)
        key = self.reach.key("list_page", *kinds, self.topics, most, skipped)

        def make() -> str:
            values = {"most": most, "skipped": skipped, **self.reach.values(self.topics)}
            read.extend(line_of(row) for row in _lines.rows((None, *kinds), **values))
            waits = any(line.answers_by is not None for line in read)
            return json.dumps([waits, *[line.id for line in read]])

        waits, *ids = json.loads(read_once(key, make))
        return SharedPage(self.reach, key, tuple(ids), waits, tuple(read))

    def count(self) -> int:
        """How many threads there are on all its pages."""
        if not self.is_shared:
            return self._counted()
        places = threads_by_place(self.reach, self.choice.wanted.show).items()
        wanted = frozenset(self.topics)
        return sum(
            count for place, count in places if place[0] in wanted and self.reach.has(*place)
        )

    def _counted(self) -> int:
        wanted = self.choice.wanted
        kinds = (kind_of(self.reach.viewer), wanted.show, self.of_topic)
        if not wanted.is_narrow:
            return int(_count.rows(kinds, **self.values)[0][0])
        whole = _narrowed(_whole(*kinds), self.reach.viewer, self.choice)
        return db.session.scalar(whole, self.values) or 0


@Prepared
def _lines(reader: User | None, show: Show, sort: Sort, of_topic: bool) -> Select[Any]:
    """Numbers first, so that skipping pages never carries whole rows along."""
    listed = _listed(reader, show, sort, of_topic)
    if show is Show.NEW and reader is not None:
        listed = _new(reader, sort, of_topic)
    ids = select(listed.subquery().c.id)
    return read_lines(reader).where(Thread.id.in_(ids)).order_by(*_order(sort, of_topic))


@Prepared
def _count(reader: User | None, show: Show, of_topic: bool) -> Select[Any]:
    return _whole(reader, show, of_topic)


def _listed(reader: User | None, show: Show, sort: Sort, of_topic: bool) -> Select[Any]:
    ids = select(Thread.id).where(*is_reached(of_topic), _in_list(reader, show))
    return ids.order_by(*_order(sort, of_topic)).limit(MOST).offset(SKIPPED)


def _new(reader: User, sort: Sort, of_topic: bool) -> Select[Any]:
    """What is new, a page of it: of threads never opened only the first are read, by the index of
    the order, and of those that were opened only the reader's.
    """
    columns = (Thread.id, Thread.is_pinned, Thread.last_post_at, Thread.created_at,
               Thread.reply_count)  # fmt: skip
    never = select(*columns).outerjoin(ThreadRead, read_by(reader))
    never = never.outerjoin(TopicReading, topic_read_by(reader))
    never = never.where(*is_reached(of_topic), is_new(reader), has_news_since(reader))
    first = never.order_by(*_order(sort, of_topic)).limit(UP_TO).subquery()
    opened = select(*columns).join(ThreadRead, read_by(reader))
    opened = opened.where(*is_reached(of_topic), waits_for(reader))
    found = union_all(select(first), opened).subquery()
    by_name = [_of(found, one) for one in _order(sort, of_topic)]
    return select(found.c.id).order_by(*by_name).limit(MOST).offset(SKIPPED)


def _of(found: Any, order: Any) -> Any:
    """The same order, by a column of a subquery."""
    if isinstance(order, UnaryExpression):
        return found.c[order.element.key].desc()
    return found.c[order.key]


def _order(sort: Sort, of_topic: bool) -> tuple[Any, ...]:
    """What is pinned comes first on the page of its topic."""
    if of_topic and sort is Sort.LATEST:
        return (Thread.is_pinned.desc(), *LATEST)
    return ORDERS[sort]


def _whole(reader: User | None, show: Show, of_topic: bool) -> Select[Any]:
    whole = select(func.count()).select_from(Thread)
    return whole.where(*is_reached(of_topic), _in_list(reader, show))


def _narrowed(statement: Select[Any], viewer: User | None, choice: Choice) -> Select[Any]:
    return statement.join(Thread.topic).where(thread_conditions(viewer, choice))


def _in_list(reader: User | None, show: Show) -> ColumnElement[bool]:
    """`news.shown`, starting from what is the reader's: rows that an index finds."""
    if show is Show.NEW and reader is not None:
        return Thread.id.in_(select(_news(reader).subquery().c.id))
    if show is Show.FOLLOWING and reader is not None:
        kept = ThreadRead.user_id == reader.id, ThreadRead.level.in_(KEEPS_UP)
        return Thread.id.in_(select(ThreadRead.thread_id).where(*kept))
    if show is Show.MINE and reader is not None:
        return Thread.author_id == reader.id
    return shown(None, show)


def _news(reader: User) -> Any:
    """Threads never opened, and threads with unread posts: none is both. Of who is not a member
    yet only the latter.
    """
    columns = (Thread.id, Thread.topic_id)
    opened = select(*columns).join(ThreadRead, read_by(reader))
    opened = opened.where(*is_reached(), waits_for(reader))
    if not reader.is_approved:
        return opened
    never = select(*columns).outerjoin(ThreadRead, read_by(reader))
    never = never.outerjoin(TopicReading, topic_read_by(reader))
    return union_all(never.where(*is_reached(), is_new(reader)), opened)
