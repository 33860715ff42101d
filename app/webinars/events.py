"""Webinars as rows that calendars are written from: prepared statements, no entities."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Integer, Select, bindparam, or_, select

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.clock import UTCDateTime, utcnow
from app.core.db import Words
from app.core.generations import generation_columns
from app.core.prepared import Prepared, as_of_now
from app.topics.models import Topic
from app.webinars.enums import Status
from app.webinars.models import AgendaItem, Webinar
from app.webinars.queries import webinars_visible_to

BACK = timedelta(days=90)
AHEAD = timedelta(days=548)
CANCELLED_STAY = timedelta(days=60)
MOST = 500
COLUMNS: tuple[Any, ...] = (
    *(Webinar.id, Webinar.uid, Webinar.sequence, Webinar.status, Webinar.title),
    *(Webinar.description, Webinar.tzid, Webinar.starts_at, Webinar.ends_at),
    *(Webinar.created_at, Webinar.updated_at, Topic.names),
)


@dataclass(frozen=True)
class TopicNamed:
    names: Words


@dataclass(frozen=True)
class ItemTold:
    title: str


@dataclass(frozen=True)
class Told:
    """As much of a webinar as a calendar tells, under the names of `Webinar`."""

    id: int
    uid: str
    sequence: int
    status: Status
    title: str
    description: str
    tzid: str
    starts_at: datetime | None
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime
    topic: TopicNamed | None
    agenda: tuple[ItemTold, ...]

    @property
    def webinar(self) -> Webinar:
        return cast(Webinar, self)

    @property
    def digest(self) -> str:
        """Another one whenever any of it changed."""
        return hashlib.blake2b(repr(self).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class EventSeen:
    """A webinar with an hour. `generations`: of all that its file is written from."""

    id: int
    title: str
    generations: tuple[int, ...]


def event_seen(viewer: User | None, webinar_id: int) -> EventSeen | None:
    """None when the viewer does not see the webinar, or when it has no hour."""
    values = {"webinar_id": webinar_id, **reader_values(viewer)}
    row = _seen.first((kind_of(viewer),), **values)
    return None if row is None else EventSeen(row[0], row[1], tuple(row[2:]))


def one_event(viewer: User | None, webinar_id: int) -> Told:
    """The webinar of which `event_seen` said that it is there."""
    values = {"webinar_id": webinar_id, **reader_values(viewer)}
    (row,) = _one.rows((kind_of(viewer),), **values)
    return _told(row, [title for (title,) in _titles_of_one.rows((), webinar_id=webinar_id)])


def events_of(topic_id: int | None) -> list[Told]:
    """What everybody may see around today, of one topic or (None) of all, by time."""
    values = {} if topic_id is None else {"topic_id": topic_id}
    titles = _by_webinar(_titles.rows((topic_id is None,), **values))
    return [_told(row, titles[row[0]]) for row in _around.rows((topic_id is None,), **values)]


def _told(row: Any, titles: Iterable[str]) -> Told:
    *facts, names = row
    topic = TopicNamed(names) if names is not None else None
    agenda = tuple(ItemTold(title) for title in titles)
    return Told(*cast(Any, (*facts, topic, agenda)))


def _by_webinar(rows: Iterable[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for webinar_id, title in rows:
        found[webinar_id].append(title)
    return found


@Prepared
def _seen(viewer: User | None) -> Select[Any]:
    changes = generation_columns("topics", "webinars")
    visible = webinars_visible_to(viewer).where(Webinar.starts_at.is_not(None))
    return visible.with_only_columns(Webinar.id, Webinar.title, *changes).where(
        Webinar.id == bindparam("webinar_id", type_=Integer)
    )


@Prepared
def _one(viewer: User | None) -> Select[Any]:
    visible: Select[Any] = webinars_visible_to(viewer).outerjoin(
        Topic, Topic.id == Webinar.topic_id
    )
    return visible.with_only_columns(*COLUMNS, maintain_column_froms=True).where(
        Webinar.id == bindparam("webinar_id", type_=Integer)
    )


@Prepared
def _titles_of_one() -> Select[str]:
    return (
        select(AgendaItem.title)
        .where(AgendaItem.webinar_id == bindparam("webinar_id", type_=Integer))
        .order_by(AgendaItem.position)
    )


@Prepared
def _around(of_all: bool) -> Select[Any]:
    around: Select[Any] = _in_window(of_all)
    return around.with_only_columns(*COLUMNS, maintain_column_froms=True)


@Prepared
def _titles(of_all: bool) -> Select[int, str]:
    ids = _in_window(of_all).with_only_columns(Webinar.id, maintain_column_froms=True)
    return (
        select(AgendaItem.webinar_id, AgendaItem.title)
        .where(AgendaItem.webinar_id.in_(ids))
        .order_by(AgendaItem.webinar_id, AgendaItem.position)
    )


def _in_window(of_all: bool) -> Select[Any]:
    since_cancelled = _now_and(-CANCELLED_STAY)
    visible: Select[Any] = (
        webinars_visible_to(None)
        .outerjoin(Topic, Topic.id == Webinar.topic_id)
        .where(
            Webinar.status != Status.DRAFT,
            Webinar.starts_at.between(_now_and(-BACK), _now_and(AHEAD)),
            or_(
                Webinar.status.not_in([Status.CANCELLED, Status.POSTPONED]),
                Webinar.cancelled_at > since_cancelled,
            ),
        )
        .order_by(Webinar.starts_at, Webinar.id)
        .limit(MOST)
    )
    if of_all:
        return visible
    return visible.where(Webinar.topic_id == bindparam("topic_id", type_=Integer))


def _now_and(step: timedelta) -> Any:
    return as_of_now(lambda: utcnow() + step, UTCDateTime())
