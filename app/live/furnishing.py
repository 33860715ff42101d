"""The organisers choose the room, and send everybody to the backup room and back."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.core.settings import settings
from app.live.enums import Provider
from app.live.errors import NoBackup, NotOffered, NotSecure, OwnAddress
from app.live.models import Room
from app.live.queries import one_room, room_of
from app.live.revisions import renew
from app.live.rooms.registry import KEEPERS, offered
from app.webinars.changing import hold, require_not_archived, touch
from app.webinars.models import Webinar

LETTERS = string.ascii_lowercase + string.digits
NAME_LENGTH = 24  # of 36 letters: 124 bits, which nobody guesses


@dataclass(frozen=True)
class Furniture:
    """What the organisers choose. `url` is the room's own address, for pasted ones."""

    provider: Provider
    url: str = ""
    backup_url: str = ""
    dial_in: str = ""


def furnish(webinar: Webinar, chosen: Furniture, actor: User) -> Room:
    """Everybody who enters from now on enters there; nobody is mailed.

    Raise NotOffered, NotSecure or OwnAddress.
    """
    _require_addresses(chosen)
    hold(webinar)
    require_not_archived(webinar)
    room = _held_room(webinar)
    if chosen.provider not in {room.provider, *offered(settings())}:
        raise NotOffered
    room.provider = chosen.provider
    room.backup_url, room.dial_in = chosen.backup_url, chosen.dial_in
    room.uses_backup = room.uses_backup and bool(chosen.backup_url)
    if chosen.provider == Provider.LINK:
        webinar.room_url = chosen.url
    else:
        _name(room)
    _ask_for_room(webinar, room)
    touch(webinar)  # an older form of the webinar would put the old address back
    _note(webinar, room, actor, "live.furnish")
    return room


def send_to_backup(webinar: Webinar, actor: User) -> None:
    """From their next press of the button everybody enters the backup room. Raise NoBackup."""
    hold(webinar)
    room = _held_room(webinar)
    if not room.backup_url:
        raise NoBackup
    room.uses_backup = True
    _note(webinar, room, actor, "live.send_to_backup")


def send_back(webinar: Webinar, actor: User) -> None:
    hold(webinar)
    room = _held_room(webinar)
    room.uses_backup = False
    _note(webinar, room, actor, "live.send_back")


def _require_addresses(chosen: Furniture) -> None:
    for field, address in (("url", chosen.url), ("backup_url", chosen.backup_url)):
        parts = urlsplit(address)
        if address and (parts.scheme != "https" or not parts.hostname or parts.username):
            raise NotSecure(field)
        if address and parts.hostname == urlsplit(settings().base_url).hostname:
            raise OwnAddress(field)


def _held_room(webinar: Webinar) -> Room:
    """Made now if there is none; the webinar's lock keeps a second one away."""
    found = db.session.scalars(locked(one_room(webinar.id))).one_or_none()
    if found is None:
        found = room_of(webinar.id)
        db.session.add(found)
    return found


def _name(room: Room) -> None:
    """Once: whoever is inside stays where the others come."""
    if not room.name:
        room.name = "".join(secrets.choice(LETTERS) for _ in range(NAME_LENGTH))
        room.moderator_secret, room.attendee_secret = secrets.token_hex(16), secrets.token_hex(16)


def _ask_for_room(webinar: Webinar, room: Room) -> None:
    """At once, so that the organisers see whether the provider answers."""
    room.changed_at, room.made_at, room.failed_at = utcnow(), None, None
    if KEEPERS[room.provider].makes_rooms and webinar.starts_at and webinar.ends_at:
        key = f"{webinar.id}:{room.changed_at.isoformat()}"
        enqueue("live.make_room", key, webinar_id=webinar.id)


def _note(webinar: Webinar, room: Room, actor: User, act: str) -> None:
    room.changed_at = utcnow()
    record(actor.id, act, f"webinar:{webinar.id}")
    db.session.flush()
    renew(webinar.id)
