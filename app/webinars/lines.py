"""Webinars as lists show them: only what is shown, read by prepared statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, bindparam, null, select, union_all

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.clock import UTCDateTime
from app.core.prepared import Prepared
from app.webinars.enums import DatePrecision, RegistrationState, Status
from app.webinars.models import Registration, Webinar
from app.webinars.queries import drafts_of, past, registered, upcoming, webinars_by_city

MOST_UPCOMING = 100
PAST_PER_PAGE = 30
MOST_NEXT = 4
HAS_PLACE = (RegistrationState.CONFIRMED, RegistrationState.ON_HOLD, RegistrationState.OFFERED)
MOST_OF_CITY = 20
NOW = bindparam("now", type_=UTCDateTime())
TOPIC_ID = bindparam("topic_id", type_=Integer)


class Line(NamedTuple):
    """What a list says about a webinar, in the order of `FACTS`."""

    id: int
    title: str
    language: str
    status: Status
    topic_id: int | None
    host_label: str
    captions: str
    date_precision: DatePrecision
    start_local: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    sorts_at: datetime
    year: int | None

    def is_ahead(self, now: datetime) -> bool:
        """The choice of `queries.upcoming`."""
        return self.ended_at is None and self.ends_at is not None and self.ends_at > now


FACTS = tuple(getattr(Webinar, name) for name in Line._fields)


@dataclass(frozen=True)
class Schedule:
    """What is ahead, the soonest first, and a page of what is over, the latest first."""

    coming: list[Line]
    over: list[Line]
    has_more: bool


def schedule(
    viewer: User | None, now: datetime, number: int, topic_id: int | None, *, mine: bool
) -> Schedule:
    """Both lists in one statement. What is ahead stands on page 1 alone."""
    kinds = (kind_of(viewer), topic_id is not None, mine, number == 1)
    values = {"now": now, "topic_id": topic_id, "skipped": (number - 1) * PAST_PER_PAGE}
    found = _lines(_schedule.rows(kinds, **values, **reader_values(viewer)))
    coming = [line for line in found if line.is_ahead(now)]
    over = [line for line in found if not line.is_ahead(now)]
    return Schedule(
        coming=sorted(coming, key=_moment),
        over=sorted(over, key=_moment, reverse=True)[:PAST_PER_PAGE],
        has_more=len(over) > PAST_PER_PAGE,
    )


def next_ones(viewer: User | None, now: datetime) -> list[tuple[Line, RegistrationState | None]]:
    """What takes place soonest, and the first where the viewer has a place, with the viewer's own
    registrations. Nothing cancelled.
    """
    values = {"now": now, **reader_values(viewer)}
    rows: list[Any] = _next_ones.rows((kind_of(viewer),), **values)
    found = {row[0]: (Line(*row[:-1]), row[-1]) for row in rows}  # one may be found twice
    return sorted(found.values(), key=lambda one: _moment(one[0]))


def organised_from(viewer: User | None, city_id: int, now: datetime) -> list[Line]:
    """What people of a city organise, the latest first."""
    values = {"city_id": city_id, "day": now.date(), **reader_values(viewer)}
    return _lines(_of_city.rows((kind_of(viewer),), **values))


def own_drafts(viewer: User) -> list[Any]:
    """Number and title of what the viewer has not published yet."""
    return _own_drafts.rows((kind_of(viewer),), **reader_values(viewer))


def _lines(rows: Iterable[Any]) -> list[Line]:
    return [Line(*row) for row in rows]


def _moment(line: Line) -> tuple[datetime, int]:
    return line.sorts_at, line.id


@Prepared
def _schedule(reader: User | None, of_topic: bool, mine: bool, with_coming: bool) -> Any:
    def narrowed(webinars: Select[Any]) -> Select[Any]:
        webinars = webinars.with_only_columns(*FACTS)
        if of_topic:
            webinars = webinars.where(Webinar.topic_id == TOPIC_ID)
        return registered(webinars, reader) if mine and reader is not None else webinars

    skipped = bindparam("skipped", type_=Integer)
    over = narrowed(past(reader, NOW)).limit(PAST_PER_PAGE + 1).offset(skipped)
    if not with_coming:
        return over
    coming = narrowed(upcoming(reader, NOW)).limit(MOST_UPCOMING)
    return union_all(select(coming.subquery()), select(over.subquery()))


@Prepared
def _next_ones(reader: User | None) -> Any:
    """Two short lists cost less than one that is long enough for both."""
    found = upcoming(reader, NOW).where(Webinar.status == Status.PUBLISHED)
    found = found.with_only_columns(*FACTS, _own_state(reader))
    if reader is None:
        return found.limit(MOST_NEXT)
    asked = select(Registration.webinar_id).where(Registration.user_id == reader.id)
    own = found.where(Webinar.id.in_(asked), _own_state(reader).in_(HAS_PLACE)).limit(1)
    soonest = found.limit(MOST_NEXT)
    return union_all(select(soonest.subquery()), select(own.subquery()))


def _own_state(reader: User | None) -> Any:
    if reader is None:
        return null()
    own = (Registration.webinar_id == Webinar.id, Registration.user_id == reader.id)
    state = select(Registration.state).where(*own).order_by(Registration.id.desc()).limit(1)
    return state.correlate(Webinar).scalar_subquery()


@Prepared
def _of_city(reader: User | None) -> Select[Any]:
    day, city_id = bindparam("day", type_=Date), bindparam("city_id", type_=Integer)
    return webinars_by_city(reader, city_id, day).with_only_columns(*FACTS).limit(MOST_OF_CITY)


@Prepared
def _own_drafts(reader: User) -> Any:
    return drafts_of(reader).with_only_columns(Webinar.id, Webinar.title)
