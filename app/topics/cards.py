"""Topics as pages name them, kept in memory: there are few, and they rarely change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select

from app.accounts.models import User
from app.accounts.queries import users_among
from app.accounts.reader import kind_of, reader_values
from app.core.db import Words, db
from app.core.enums import Visibility
from app.core.fragments import fragment, read_once
from app.core.prepared import Prepared
from app.topics.models import Topic, TopicSteward
from app.topics.permissions import Rights, rights_columns, rights_of
from app.topics.queries import IN_ORDER

FACTS = (Topic.id, Topic.slug, Topic.number, Topic.colour, Topic.names, Topic.descriptions,
         Topic.visibility)  # fmt: skip
READY = 4  # texts whose cards stay ready: those of now, and of requests that began before
TOPIC_ID = bindparam("topic_id", type_=Integer)


@dataclass(frozen=True)
class TopicCard:
    """A topic without anything that belongs to one reader. Who may see it is asked elsewhere."""

    id: int
    slug: str
    number: int
    colour: str
    names: Words
    descriptions: Words
    visibility: Visibility


@dataclass(frozen=True)
class Cards:
    """All topics in their order, as of the generations of people and topics."""

    people: int
    topics: int
    all: dict[int, TopicCard]

    def of(self, ids: Iterable[int]) -> list[TopicCard]:
        """Those with these numbers, in the order of all."""
        wanted = set(ids)
        return [card for card in self.all.values() if card.id in wanted]

    def listed_to(self, readable: Iterable[int]) -> list[TopicCard]:
        """`queries.listed_to`: a closed topic shows its name to anyone."""
        wanted = set(readable)
        return [
            card
            for card in self.all.values()
            if card.visibility is Visibility.CLOSED or card.id in wanted
        ]

    def rights(self, viewer: User | None, card: TopicCard) -> Rights:
        """`permissions.rights_in`, for pages. Whoever changes something asks the rows."""
        if viewer is None or not viewer.is_approved:
            return rights_of(viewer, card.visibility, ())
        key = ("topic_rights", viewer.id, card.id, self.people, self.topics)
        return rights_of(viewer, card.visibility, json.loads(read_once(key, _asked(viewer, card))))

    def stewards(self, card: TopicCard) -> list[str]:
        """Their names, by name."""
        key = ("topic_stewards", card.id, self.people, self.topics)
        return list(json.loads(fragment(key, lambda: json.dumps(_stewards_of(card.id)))))


def cards_at(people: int, topics: int) -> Cards:
    """Read what is kept under these generations."""
    return Cards(people, topics, _ready(read_once(("topic_cards", topics), _read)))


@lru_cache(maxsize=READY)
def _ready(text: str) -> dict[int, TopicCard]:
    """Nobody changes what is returned."""
    cards = (_card(row) for row in json.loads(text))
    return {card.id: card for card in cards}


def _card(row: list[Any]) -> TopicCard:
    *facts, visibility = row
    return TopicCard(*[*facts, Visibility(visibility)])


def _read() -> str:
    return json.dumps([tuple(row) for row in _facts.rows(())])


def _asked(viewer: User, card: TopicCard) -> Any:
    values = {"topic_id": card.id, **reader_values(viewer)}
    return lambda: json.dumps([bool(one) for one in _rights.rows((kind_of(viewer),), **values)[0]])


def _stewards_of(topic_id: int) -> list[str]:
    ids = select(TopicSteward.user_id).where(TopicSteward.topic_id == topic_id)
    return [person.display_name for person in db.session.scalars(users_among(ids))]


@Prepared
def _facts() -> Any:
    return select(*FACTS).order_by(*IN_ORDER)


@Prepared
def _rights(reader: User) -> Select[Any]:
    return select(*rights_columns(reader, TOPIC_ID))
