"""A filter as conditions for the database: only what this reader may know can match."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, select

from app.accounts.directory import city_seat_ids
from app.accounts.models import User
from app.accounts.queries import approved_people, people_like
from app.core.i18n import _
from app.forum.enums import Show, State, ThreadKind
from app.forum.filtering import ThreadFilter, read_filter
from app.forum.models import Post, Tag, Thread, ThreadTag
from app.forum.news import is_unanswered
from app.forum.queries import city_took_part, is_author, names_shown_to
from app.network.models import City
from app.network.queries import city_named
from app.topics.cards import TopicCard
from app.topics.models import Topic


@dataclass(frozen=True)
class Choice:
    """A filter with the rows it speaks of, and a sentence for each thing that was left out."""

    wanted: ThreadFilter
    topics: Sequence[Topic | TopicCard]
    city: City | None
    hints: list[str]

    @property
    def topic(self) -> Topic | TopicCard | None:
        return next((topic for topic in self.topics if topic.slug == self.wanted.topic), None)

    def without(self, name: str) -> Choice:
        city = None if name == "city" else self.city
        return replace(self, wanted=self.wanted.without(name), city=city)


def shows_for(viewer: User | None) -> list[Show]:
    """The lists that exist for this reader: nothing is new to, followed by or of a visitor."""
    return list(Show) if viewer is not None else [Show.ALL, Show.UNANSWERED, Show.SOLVED]


def chosen(
    viewer: User | None, values: Mapping[str, str], topics: Sequence[Topic | TopicCard]
) -> Choice:
    """Read a filter. `topics` are those the reader may read; cities are known to everybody."""
    reading = read_filter(values, [topic.slug for topic in topics])
    wanted, hints = reading.wanted, reading.hints
    if wanted.show not in shows_for(viewer):
        wanted = wanted.without("show")
    city = city_named(wanted.city) if wanted.city else None
    if wanted.city and city is None:
        hints = [*hints, _("No city is called “%(name)s”, so it was left out.", name=wanted.city)]
    wanted = replace(wanted, city=city.slug if city else "")
    return Choice(wanted, topics, city, hints)


def thread_conditions(viewer: User | None, choice: Choice) -> ColumnElement[bool]:
    """For lists of threads: who asked, which cities took part, when it was asked."""
    conditions = _of_thread(choice.wanted)
    conditions += _written(viewer, choice.wanted, Thread.author_id, Thread)
    if choice.city is not None:
        conditions.append(city_took_part(viewer, choice.city.id))
    return and_(Thread.id.is_not(None), *conditions)


def post_conditions(viewer: User | None, choice: Choice) -> ColumnElement[bool]:
    """For single posts: who wrote this one, for which city, when, in which language."""
    conditions = _of_thread(choice.wanted)
    conditions += _written(viewer, choice.wanted, Post.author_id, Post)
    if choice.city is not None:
        seats = city_seat_ids(choice.city.id)
        conditions.append(and_(names_shown_to(viewer), Post.seat_id.in_(seats)))
    return and_(Post.id.is_not(None), *conditions)


def _of_thread(wanted: ThreadFilter) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.topic:
        conditions.append(Topic.slug == wanted.topic)
    if wanted.kind:
        conditions.append(Thread.kind == wanted.kind)
    if wanted.state:
        conditions.append(in_state(wanted.state))
    if wanted.tag:
        tagged = select(ThreadTag.thread_id).join(Tag).where(Tag.slug == wanted.tag)
        conditions.append(Thread.id.in_(tagged))
    return conditions


def _written(
    viewer: User | None, wanted: ThreadFilter, author_id: Any, written: Any
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.author:
        conditions.append(and_(names_shown_to(viewer), _is_by(viewer, wanted.author, author_id)))
    if wanted.language:
        conditions.append(written.language == wanted.language)
    if wanted.since:
        conditions.append(written.created_at >= begin_of(viewer, wanted.since))
    if wanted.until:
        conditions.append(written.created_at < begin_of(viewer, wanted.until + timedelta(days=1)))
    return conditions


def in_state(state: State) -> ColumnElement[bool]:
    return {
        State.OPEN: Thread.is_locked.is_(False),
        State.LOCKED: Thread.is_locked.is_(True),
        State.SOLVED: Thread.accepted_number.is_not(None),
        State.UNSOLVED: and_(Thread.kind == ThreadKind.QUESTION, Thread.accepted_number.is_(None)),
        State.UNANSWERED: is_unanswered(),
        State.PINNED: Thread.is_pinned.is_(True),
    }[state]


def _is_by(viewer: User | None, name: str, author_id: Any) -> ColumnElement[bool]:
    if name.lower() == "me" and viewer is not None:
        return is_author(viewer, author_id)
    people = people_like(approved_people(), name.removeprefix("@"))
    return and_(author_id.in_(people.with_only_columns(User.id).order_by(None)))


def begin_of(viewer: User | None, day: date) -> datetime:
    """Midnight where the reader is."""
    zone = ZoneInfo(viewer.timezone) if viewer else UTC
    return datetime.combine(day, time(), zone).astimezone(UTC)
