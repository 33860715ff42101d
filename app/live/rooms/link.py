"""An address that the organisers paste, of any service."""

from __future__ import annotations

from app.live.rooms.entering import Person, Place
from config import Settings


class Link:
    makes_rooms = False

    def is_offered(self, settings: Settings) -> bool:
        return True

    def address(self, settings: Settings, place: Place, person: Person) -> str:
        return place.url

    def make(self, settings: Settings, place: Place) -> None:
        """It is there already."""
