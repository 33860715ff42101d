"""What a provider is told of a room, and of whoever enters it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from config import Settings


class ProviderSilent(RuntimeError):
    """The provider did not do what was asked. The text never holds a secret."""


@dataclass(frozen=True)
class Place:
    """A webinar's room. `opens_at` and `closes_at`: hosts come 45 minutes before the start."""

    title: str
    url: str
    name: str
    moderator_secret: str
    attendee_secret: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Person:
    """Whoever enters. `key` tells two people of one name apart, and no more than that."""

    name: str
    key: str
    is_host: bool


class Keeper(Protocol):
    """A provider. `is_offered`: this installation has what it takes."""

    @property
    def makes_rooms(self) -> bool:
        """By asking its server before people come."""
        ...

    def is_offered(self, settings: Settings) -> bool: ...

    def address(self, settings: Settings, place: Place, person: Person) -> str:
        """Where this person enters; empty while there is no room."""
        ...

    def make(self, settings: Settings, place: Place) -> None:
        """Ask the provider for the room, again and again. Raise ProviderSilent."""
        ...
