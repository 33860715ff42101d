"""Webinars as rows that calendars are written from: prepared statements, no entities."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_, select, true

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.clock import UTCDateTime, utcnow
from app.core.db import Words
from app.core.generations import generation_columns
from app.core.prepared import Prepared, as_of_now
from app.topics.models import Topic
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import AgendaItem, Registration, Series, Webinar
from app.webinars.queries import organised_ids, webinars_visible_to

BACK = timedelta(days=90)
AHEAD = timedelta(days=548)
CANCELLED_STAY = timedelta(days=60)
MOST = 500
COLUMNS: tuple[Any, ...] = (
    *(Webinar.id, Webinar.uid, Webinar.sequence, Webinar.status, Webinar.title),
    *(Webinar.description, Webinar.tzid, Webinar.starts_at, Webinar.ends_at),
    *(Webinar.created_at, Webinar.updated_at, Webinar.lock_version, Webinar.series_id),
    *(Webinar.has_captions, Webinar.captions, Webinar.has_sign_language, Webinar.sign_language),
    *(Webinar.has_interpretation, Webinar.interpretation, Webinar.access_contact),
    Topic.names,
)
HAS_PLACE = [RegistrationState.CONFIRMED, RegistrationState.ON_HOLD]


class Range(StrEnum):
    """Of which webinars a calendar is."""

    ALL = "all"
    TOPIC = "topic"
    SERIES = "series"
    MINE = "mine"
    ORGANISED = "organised"


@dataclass(frozen=True)
class Choice:
    """`number`: of the topic or series. `reader`: None for what everybody may see."""

    range: Range = Range.ALL
    number: int | None = None
    reader: User | None = None

    @property
    def kinds(self) -> tuple[Range, User | None]:
        return self.range, kind_of(self.reader)

    @property
    def values(self) -> dict[str, int]:
        number = {} if self.number is None else {"number": self.number}
        return {**number, **reader_values(self.reader)}


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
    lock_version: int
    series_id: int | None
    has_captions: bool | None
    captions: str
    has_sign_language: bool | None
    sign_language: str
    has_interpretation: bool | None
    interpretation: str
    access_contact: str
    topic: TopicNamed | None
    agenda: tuple[ItemTold, ...]
    siblings: tuple[str, ...]

    @property
    def webinar(self) -> Webinar:
        return cast(Webinar, self)

    @property
    def feed_sequence(self) -> int:
        """Grows with every change that was saved, mailed or not: some calendars ask for it."""
        return self.sequence + self.lock_version - 1

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
    titles = [title for (title,) in _titles_of_one.rows((), webinar_id=webinar_id)]
    return _told(row, titles, _siblings_in([row]))


def events_of(choice: Choice) -> list[Told]:
    """Those around today, by time."""
    titles = _by_number(_titles.rows(choice.kinds, **choice.values))
    rows = _around.rows(choice.kinds, **choice.values)
    siblings = _siblings_in(rows)
    return [_told(row, titles[row[0]], siblings) for row in rows]


def series_title(series_id: int) -> str | None:
    """None when nobody outside may see any session of it."""
    row = _titled.first((), number=series_id)
    return None if row is None else str(row[0])


def siblings_of(webinar: Webinar) -> tuple[str, ...]:
    """The UIDs of the other sessions of its series that everybody may see."""
    if webinar.series_id is None:
        return ()
    found = _sessions.rows((), series=[webinar.series_id])
    return tuple(uid for _series, uid in found if uid != webinar.uid)


def _told(row: Any, titles: Iterable[str], siblings: dict[int, list[str]]) -> Told:
    *facts, names = row
    topic = TopicNamed(names) if names is not None else None
    agenda = tuple(ItemTold(title) for title in titles)
    told = Told(*cast(Any, (*facts, topic, agenda, ())))
    others = siblings.get(told.series_id or 0, [])
    return replace(told, siblings=tuple(uid for uid in others if uid != told.uid))


def _siblings_in(rows: Iterable[Any]) -> dict[int, list[str]]:
    """By series; nothing is asked where no row is of one."""
    place = COLUMNS.index(Webinar.series_id)
    series = {row[place] for row in rows} - {None}
    return _by_number(_sessions.rows((), series=sorted(series))) if series else {}


def _by_number(rows: Iterable[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, words in rows:
        found[number].append(words)
    return found


@Prepared
def _seen(viewer: User | None) -> Select[Any]:
    changes = generation_columns("topics", "webinars", "network")
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
def _titled() -> Select[Any]:
    open_to_all: Select[Any] = webinars_visible_to(None).join(
        Series, Series.id == Webinar.series_id
    )
    return open_to_all.with_only_columns(Series.title, maintain_column_froms=True).where(
        Series.id == bindparam("number", type_=Integer)
    )


@Prepared
def _sessions() -> Select[Any]:
    open_to_all: Select[Any] = webinars_visible_to(None).where(
        Webinar.series_id.in_(bindparam("series", expanding=True)), Webinar.starts_at.is_not(None)
    )
    columns: tuple[Any, ...] = (Webinar.series_id, Webinar.uid)
    return open_to_all.with_only_columns(*columns).order_by(Webinar.starts_at, Webinar.id)


@Prepared
def _around(of: Range, reader: User | None) -> Select[Any]:
    around: Select[Any] = _in_window(of, reader)
    return around.with_only_columns(*COLUMNS, maintain_column_froms=True)


@Prepared
def _titles(of: Range, reader: User | None) -> Select[int, str]:
    ids = _in_window(of, reader).with_only_columns(Webinar.id, maintain_column_froms=True)
    return (
        select(AgendaItem.webinar_id, AgendaItem.title)
        .where(AgendaItem.webinar_id.in_(ids))
        .order_by(AgendaItem.webinar_id, AgendaItem.position)
    )


def _in_window(of: Range, reader: User | None) -> Select[Any]:
    since_off = _now_and(-CANCELLED_STAY)
    return (
        webinars_visible_to(reader)
        .outerjoin(Topic, Topic.id == Webinar.topic_id)
        .where(
            Webinar.status != Status.DRAFT,
            Webinar.starts_at.between(_now_and(-BACK), _now_and(AHEAD)),
            or_(
                Webinar.status.not_in([Status.CANCELLED, Status.POSTPONED]),
                Webinar.cancelled_at > since_off,
                and_(Webinar.status == Status.POSTPONED, Webinar.postponed_at > since_off),
            ),
            _within(of, reader),
        )
        .order_by(Webinar.starts_at, Webinar.id)
        .limit(MOST)
    )


def _within(of: Range, reader: User | None) -> ColumnElement[bool]:
    number = bindparam("number", type_=Integer)
    if of is Range.TOPIC:
        return Webinar.topic_id == number
    if of is Range.SERIES:
        return Webinar.series_id == number
    if reader is None:
        return true()
    if of is Range.MINE:
        return Webinar.id.in_(_places_of(reader))
    return Webinar.id.in_(organised_ids(reader))


def _places_of(reader: User) -> Select[int]:
    return select(Registration.webinar_id).where(
        Registration.user_id == reader.id, Registration.state.in_(HAS_PLACE)
    )


def _now_and(step: timedelta) -> Any:
    return as_of_now(lambda: utcnow() + step, UTCDateTime())
