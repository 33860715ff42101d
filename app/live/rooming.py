"""Where a room is, for one person. Callers have made sure that the person may enter now."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.settings import settings
from app.live.enums import Provider
from app.live.models import Room
from app.live.rooms.entering import Person, Place
from app.live.rooms.registry import KEEPERS
from app.webinars.models import Webinar
from app.webinars.phases import HOSTS_ENTER, ROOM_CLOSES

NUMBER = re.compile(r"\+?\d[\d ()/.-]{4,}\d")


@dataclass(frozen=True)
class DialIn:
    """A line to call as it was written, cut around its first number. `digits` are for `tel:`."""

    before: str = ""
    number: str = ""
    after: str = ""
    digits: str = ""


def address_for(webinar: Webinar, room: Room, person: Person, *, backup: bool = False) -> str:
    """The room's address; the backup's when it is asked for, or when everybody is there.

    Empty while there is no room.
    """
    if backup or is_at_backup(room):
        return room.backup_url
    return KEEPERS[room.provider].address(settings(), place_of(webinar, room), person)


def has_room(webinar: Webinar, room: Room) -> bool:
    """Whether there will be one when the door opens, whether or not the hour is known."""
    if room.provider == Provider.LINK:
        return bool(webinar.room_url)
    return bool(room.name) and KEEPERS[room.provider].is_offered(settings())


def is_at_backup(room: Room) -> bool:
    """Sent there by the organisers, or because the provider does not answer."""
    return bool(room.backup_url) and (room.uses_backup or has_failed(room))


def has_failed(room: Room) -> bool:
    """The provider was asked for the room and did not make it."""
    return room.failed_at is not None and KEEPERS[room.provider].makes_rooms


def place_of(webinar: Webinar, room: Room) -> Place:
    """For a webinar whose hours are known."""
    if webinar.starts_at is None or webinar.ends_at is None:
        raise ValueError(webinar.id)
    return Place(
        title=webinar.title,
        url=webinar.room_url,
        name=room.name,
        moderator_secret=room.moderator_secret,
        attendee_secret=room.attendee_secret,
        opens_at=webinar.starts_at - HOSTS_ENTER,
        closes_at=webinar.ends_at + ROOM_CLOSES,
    )


def dial_in(room: Room) -> DialIn | None:
    found = NUMBER.search(room.dial_in)
    if not found:
        return DialIn(before=room.dial_in) if room.dial_in else None
    digits = "".join(c for c in found[0] if c.isdigit() or c == "+")
    before, after = room.dial_in[: found.start()], room.dial_in[found.end() :]
    return DialIn(before, found[0], after, digits)
