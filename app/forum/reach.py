"""What a reader reaches: the rule of `thread_is_visible`, asked once and kept as numbers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    bindparam,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app.accounts.models import GroupMember, User
from app.accounts.reader import READER_ID, kind_of, reader_values
from app.core.enums import Visibility
from app.core.fragments import Key, read_once
from app.core.generations import generation_columns, generations
from app.core.prepared import Prepared
from app.core.reading_ahead import REACH, taken
from app.forum.enums import FollowLevel
from app.forum.models import Thread
from app.forum.reader_models import TopicReading
from app.topics.cards import Cards, cards_at
from app.topics.models import Topic
from app.topics.queries import NETWORK_WIDE, readable_by

NAMES = ("people", "network", "topics", "forum", "places")
PEOPLE, NETWORK, TOPICS, FORUM, PLACES = NAMES

Place = tuple[int, str, int | None]
"""What decides who reads a thread: topic, visibility and group."""


@dataclass(frozen=True)
class Reach:
    """`topics` and `groups` are those whose threads the viewer reads. Of the viewer's own things
    only these are here: how they follow topics, and when they marked them as read.
    """

    viewer: User | None
    topics: tuple[int, ...]
    groups: tuple[int, ...]
    levels: Mapping[int, FollowLevel]
    generations: Mapping[str, int]
    marked: Mapping[int, datetime] = field(default_factory=dict)

    @cached_property
    def is_member(self) -> bool:
        return self.viewer is not None and self.viewer.is_approved

    @property
    def heard(self) -> tuple[int, ...]:
        """The topics that are not muted."""
        return tuple(one for one in self.topics if not self.mutes(one))

    @cached_property
    def muted(self) -> frozenset[int]:
        return frozenset(one for one, level in self.levels.items() if level is FollowLevel.MUTED)

    def mutes(self, topic_id: int) -> bool:
        return topic_id in self.muted

    def has(self, topic_id: int, visibility: str, group_id: int | None) -> bool:
        """`is_reached` for threads that are there, of rows that were read for everybody."""
        return is_among((topic_id, visibility, group_id), self.topics, self.wide, self.groups)

    @cached_property
    def cards(self) -> Cards:
        return cards_at(self.generations[PEOPLE], self.generations[TOPICS])

    @cached_property
    def wide(self) -> list[Visibility]:
        """Who reads like this reader without belonging to a group."""
        return list(NETWORK_WIDE) if self.is_member else [Visibility.PUBLIC]

    def values(self, topics: tuple[int, ...]) -> dict[str, Any]:
        """What a statement with `is_reached` is executed with."""
        own = reader_values(self.viewer)
        first = topics[0] if topics else 0
        asked = {"topics": topics, "topic_id": first, "groups": self.groups, "wide": self.wide}
        return {**asked, **own}

    def key(self, name: str, *parts: Any) -> Key:
        """Of something that all see alike who reach the same."""
        return (name, self.generations[FORUM], self.wide[-1].value, self.groups, *parts)


def is_among(
    place: Place, topics: Collection[int], wide: Collection[str], groups: Collection[int]
) -> bool:
    """Whether the threads of this place are reached by who reaches these."""
    topic_id, visibility, group_id = place
    return topic_id in topics and (visibility in wide or group_id in groups)


def reach_of(viewer: User | None) -> Reach:
    """Read the generations before the rows: what is kept under them is never older.

    What was read before the framework began is not read again.
    """
    return taken(REACH, viewer) or _reach_of(viewer)


def _reach_of(viewer: User | None) -> Reach:
    found, levels, marked = _own(viewer)
    reader = viewer if viewer is not None and viewer.is_approved else None
    key = ("reach", reader.id if reader else 0, found[PEOPLE], found[TOPICS])
    topics, groups = json.loads(read_once(key, lambda: json.dumps(_read(reader))))
    return Reach(viewer, tuple(topics), tuple(groups), levels, found, marked)


def is_reached(of_topic: bool = False) -> tuple[ColumnElement[bool], ...]:
    """The conditions of `thread_is_visible` on the columns of a thread alone.

    Adding nothing to the number of a topic is a hint: look through an index in the order of the
    list, do not gather whole topics and sort them. `of_topic`: there is only one.
    """
    is_there = (Thread.deleted_at.is_(None), Thread.merged_into_id.is_(None))
    if of_topic:
        return (*is_there, Thread.topic_id == bindparam("topic_id", type_=Integer), is_open())
    topics = bindparam("topics", expanding=True, type_=Integer)
    return (*is_there, (Thread.topic_id + literal_column("0")).in_(topics), is_open())


def is_open() -> ColumnElement[bool]:
    groups = bindparam("groups", expanding=True, type_=Integer)
    return or_(
        Thread.visibility.in_(bindparam("wide", expanding=True)), Thread.group_id.in_(groups)
    )


def _read(reader: User | None) -> tuple[list[int], list[int]]:
    """The numbers of topics and of groups."""
    found: tuple[list[int], list[int]] = ([], [])
    for is_group, number in _ids.rows((kind_of(reader),), **reader_values(reader)):
        found[is_group].append(number)
    return found


def _own(
    viewer: User | None,
) -> tuple[dict[str, int], dict[int, FollowLevel], dict[int, datetime]]:
    """The generations, and what the viewer chose about topics."""
    if viewer is None:
        return dict(zip(NAMES, (value for value, _ in generations(*NAMES)), strict=True)), {}, {}
    rows = _chosen.rows((), **reader_values(viewer))
    chosen = [tuple(row[len(NAMES) :]) for row in rows if row[-1] is not None]
    levels = {topic_id: level for level, _marked_at, topic_id in chosen}
    marked = {topic_id: marked_at for _level, marked_at, topic_id in chosen if marked_at}
    return dict(zip(NAMES, rows[0], strict=False)), levels, marked


@Prepared
def _ids(reader: User | None) -> Any:
    topics: Any = select(literal(0), Topic.id).where(readable_by(reader))
    if reader is None:
        return topics.order_by(Topic.id)
    found = union_all(
        topics, select(literal(1), GroupMember.group_id).where(GroupMember.user_id == reader.id)
    ).subquery()
    return select(found).order_by(*found.c)


@Prepared
def _chosen() -> Any:
    """One row for each topic that the reader chose something about, or one without a topic."""
    mine = TopicReading.user_id == bindparam(READER_ID, type_=Integer)
    one = select(literal(1).label("one")).subquery()
    own = (TopicReading.level, TopicReading.marked_at, TopicReading.topic_id)
    chosen: Any = select(*generation_columns(*NAMES), *own).select_from(one)
    return chosen.outerjoin(TopicReading, mine)
