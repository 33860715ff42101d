"""Rooms at a Jitsi Meet: there as soon as somebody comes to their address.

Where the server lets in only people with a token, each gets one of their own: jitsi's
doc/tokens.md says what it holds (`room` without the domain, `sub` the server, HS256).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import jwt

from app.live.rooms.entering import Person, Place
from config import Settings


class Jitsi:
    makes_rooms = False

    def is_offered(self, settings: Settings) -> bool:
        return settings.jitsi_url is not None

    def address(self, settings: Settings, place: Place, person: Person) -> str:
        if settings.jitsi_url is None or not place.name:
            return ""
        address = f"{settings.jitsi_url}/{place.name}"
        if not settings.jitsi_app_secret:
            return f'{address}#userInfo.displayName="{quote(person.name)}"'
        token = jwt.encode(_claims(settings, place, person), settings.jitsi_app_secret, "HS256")
        return f"{address}?jwt={token}"

    def make(self, settings: Settings, place: Place) -> None:
        """The first who comes makes it."""


def _claims(settings: Settings, place: Place, person: Person) -> dict[str, Any]:
    server = urlsplit(settings.jitsi_url or "")
    tenant = server.path.strip("/").lower()
    return {
        "aud": settings.jitsi_app_id,
        "iss": settings.jitsi_app_id,
        "sub": tenant or (server.hostname or ""),
        "room": place.name,
        "nbf": int(place.opens_at.timestamp()),
        "exp": int(place.closes_at.timestamp()),
        "context": {"user": _user(person)},
    }


def _user(person: Person) -> dict[str, str]:
    """Texts only: other kinds of values end in an error there."""
    return {
        "id": person.key,
        "name": person.name,
        "affiliation": "owner" if person.is_host else "member",
        "moderator": "true" if person.is_host else "false",
    }
