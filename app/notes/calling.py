"""Whom the words of a line mean: somebody of this webinar, a city, or a role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from app.accounts.models import User
from app.accounts.queries import users_by_ids
from app.core.db import db
from app.network.models import City
from app.network.queries import cities_on_map
from app.notes.deciding import Owner
from app.notes.due_words import any_of, plain
from app.notes.line_owners import LONGEST_OWNER
from app.notes.note_takers import note_takers_of
from app.webinars.attending import registrations_at
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar

TOWN_WORDS = (
    "city of", "town of", "stadt", "stadtgemeinde", "gemeente", "stad", "staden", "ciudad de",
    "ayuntamiento de", "ciutat de", "ajuntament de", "ville de", "mairie de",
)  # fmt: skip
_several = re.compile(r"\s*(?:[,&/+]|\b(?:and|und|en|och|y|i|et)\b)\s*", re.IGNORECASE)
_town = re.compile(rf"(?:{any_of(TOWN_WORDS)})\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Who is meant, and whether the words name nobody else."""

    owner: Owner
    is_all: bool


class Directory:
    """Everybody who can be named in the notes of a webinar. Reads the database when asked."""

    def __init__(self, webinar: Webinar) -> None:
        self._webinar = webinar

    def find(self, words: str, *, is_handle: bool = False) -> Found | None:
        """The first whom these words name; None: they name nobody we know.

        A handle counts before the city of the same name only where it stood behind an @.
        """
        for said in (words, *_several.split(words)):
            owner = self._one(_key(said), is_handle)
            if owner is not None:
                return Found(owner, is_all=said == words)
        return None

    def _one(self, said: str, is_handle: bool) -> Owner | None:
        if user := (is_handle and self._handles.get(said)) or self._people.get(said):
            return Owner(user=user)
        if city := self._cities.get(_town.sub("", said, count=1)) or self._guests.get(said):
            return Owner(city=city)
        if user := self._handles.get(said):
            return Owner(user=user)
        users = self._first_names.get(said, set())
        return Owner(user=next(iter(users))) if len(users) == 1 else None

    @cached_property
    def _people(self) -> dict[str, User]:
        """By name as they are shown; a name that two people have is nobody's."""
        by_name: dict[str, set[User]] = {}
        for name, user in self._named:
            by_name.setdefault(_key(name), set()).add(user)
        return {name: next(iter(users)) for name, users in by_name.items() if len(users) == 1}

    @cached_property
    def _handles(self) -> dict[str, User]:
        return {plain(user.handle): user for _, user in self._named}

    @cached_property
    def _first_names(self) -> dict[str, set[User]]:
        found: dict[str, set[User]] = {}
        for name, user in self._named:
            if words := _key(name).split():
                found.setdefault(words[0], set()).add(user)
        return found

    @cached_property
    def _named(self) -> list[tuple[str, User]]:
        """Organisers, speakers, note takers and who registered, as far as they have accounts."""
        webinar = self._webinar
        users = [seat.user for seat in webinar.organisers] + note_takers_of(webinar)
        named = [(user.display_name, user) for user in users]
        other = [(one.name, one.user_id) for one in webinar.speakers]
        other += [(one.name, one.user_id) for one in self._confirmed]
        accounts = users_by_ids([user_id for _, user_id in other if user_id])
        for name, user_id in other:
            if user := accounts.get(user_id or 0):
                named += [(name, user), (user.display_name, user)]
        return [(name, user) for name, user in named if user.is_approved]

    @cached_property
    def _confirmed(self) -> list[Registration]:
        people = db.session.scalars(registrations_at(self._webinar))
        return [one for one in people if one.state == RegistrationState.CONFIRMED]

    @cached_property
    def _guests(self) -> dict[str, City]:
        """People without an account: their city answers for them."""
        guests = [one for one in self._confirmed if one.user_id is None]
        return {_key(one.name): one.city for one in guests if one.city is not None}

    @cached_property
    def _cities(self) -> dict[str, City]:
        found: dict[str, City] = {}
        for city in db.session.scalars(cities_on_map()):
            for name in (city.slug, *city.names.values()):
                found[plain(name)] = city
        return found


def role(words: str) -> Owner:
    return Owner(label=words[:LONGEST_OWNER])


def _key(name: str) -> str:
    return plain(" ".join(name.split()))
