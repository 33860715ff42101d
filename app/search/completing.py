"""What somebody most likely means who has typed the beginning of a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.accounts.queries import approved_people, people_like
from app.core.db import db
from app.core.i18n import in_language
from app.forum.models import Thread
from app.forum.queries import readers_of
from app.network.models import City
from app.network.naming import city_name, country_name
from app.network.queries import cities_on_map
from app.search.parsing import fold
from app.topics.models import Topic
from app.topics.queries import topics_listed_to

MOST = 8
LONGEST = 60


@dataclass(frozen=True)
class Completion:
    """One line of the list: what it is called, what stands beside it, what it writes."""

    name: str
    about: str
    text: str


def people_like_typed(typed: str, thread: Thread | None = None) -> list[Completion]:
    """Approved people; with a thread only those who can read it."""
    people = approved_people() if thread is None else readers_of(thread)
    wanted = _asked(typed)
    if not wanted:
        return []
    found = db.session.scalars(people_like(people, wanted).limit(MOST)).all()
    return [_person(user) for user in found]


def cities_like_typed(typed: str) -> list[Completion]:
    """By any of a city's names or by its address."""
    cities = db.session.scalars(cities_on_map()).all()
    found = _best(typed, [((city.slug, *city.names.values()), city) for city in cities])
    return [_city(city) for city in found]


def topics_like_typed(viewer: User, typed: str) -> list[Completion]:
    """Topics whose names the viewer may know."""
    topics = db.session.scalars(topics_listed_to(viewer)).all()
    found = _best(typed, [((topic.slug, *topic.names.values()), topic) for topic in topics])
    return [_topic(topic) for topic in found]


def _person(user: User) -> Completion:
    return Completion(user.display_name, f"@{user.handle}", f"@{user.handle} ")


def _city(city: City) -> Completion:
    return Completion(city_name(city), country_name(city.country_code), f"@{city.slug} ")


def _topic(topic: Topic) -> Completion:
    name = in_language(topic.names)
    plain = name.replace("[", "(").replace("]", ")")
    return Completion(name, str(topic.number), f"[{plain}](/topics/{topic.slug}) ")


def _asked(typed: str) -> str:
    return typed.strip()[:LONGEST]


def _best(typed: str, named: Iterable[tuple[Sequence[str], Any]]) -> list[Any]:
    """Those with a name that begins so, then those with a later word that does."""
    wanted = fold(_asked(typed))
    if not wanted:
        return []
    rated = [(_rank(wanted, [fold(name) for name in names]), thing) for names, thing in named]
    close = [(rank, thing) for rank, thing in rated if rank]
    return [thing for _rank_, thing in sorted(close, key=lambda pair: pair[0])[:MOST]]


def _rank(wanted: str, names: Sequence[str]) -> tuple[int, str] | None:
    if any(name.startswith(wanted) for name in names):
        return (0, names[0])
    inside = (f" {wanted}", f"-{wanted}")
    return (1, names[0]) if any(sign in name for name in names for sign in inside) else None
