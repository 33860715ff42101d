"""Asking providers for rooms, while no transaction is open, and noting what they said."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.settings import settings
from app.live.models import Room
from app.live.queries import one_room
from app.live.revisions import renew
from app.live.rooming import place_of
from app.live.rooms.entering import ProviderSilent
from app.live.rooms.registry import KEEPERS
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.phases import HOSTS_ENTER, LOBBY_OPENS, ROOM_CLOSES

ROUND_SECONDS = 45.0  # a worker's lease is longer
AHEAD = LOBBY_OPENS / 3  # before the first may enter


class Told(NamedTuple):
    """What a provider said of one room. `wrong` is empty when the room is there."""

    webinar_id: int
    at: datetime
    wrong: str


def ask_for_all() -> list[Told]:
    """Of all webinars whose hours run."""
    return _asked(db.session.execute(_running()).all())


def ask_for_one(webinar_id: int) -> list[Told]:
    return _asked(db.session.execute(_rooms().where(Room.webinar_id == webinar_id)).all())


def keep(told: Iterable[Told]) -> None:
    """What was said before the room was changed is passed over."""
    for webinar_id, at, wrong in sorted(told):
        room = db.session.scalars(locked(one_room(webinar_id))).one_or_none()
        if room is None or (room.changed_at and room.changed_at > at):
            continue
        was_failed = room.failed_at is not None
        room.failed_at = (room.failed_at or at) if wrong else None
        room.made_at = room.made_at if wrong else at
        db.session.flush()
        if was_failed != bool(wrong):
            renew(webinar_id)


def _asked(rooms: Iterable[tuple[Room, Webinar]]) -> list[Told]:
    until, told = time.monotonic() + ROUND_SECONDS, []
    for room, webinar in list(rooms):
        keeper = KEEPERS[room.provider]
        if not keeper.makes_rooms or webinar.starts_at is None or time.monotonic() > until:
            continue
        webinar_id, at, place, wrong = webinar.id, utcnow(), place_of(webinar, room), ""
        db.session.rollback()  # nothing is held while the network is asked
        try:
            keeper.make(settings(), place)
        except ProviderSilent as error:
            wrong = str(error)
        told.append(Told(webinar_id, at, wrong))
    return told


def _running() -> Select[Room, Webinar]:
    now = utcnow()
    return _rooms().where(
        Webinar.status == Status.PUBLISHED,
        Webinar.ended_at.is_(None),
        Webinar.starts_at <= now + HOSTS_ENTER + AHEAD,
        Webinar.ends_at > now - ROOM_CLOSES,
    )


def _rooms() -> Select[Room, Webinar]:
    rooms = select(Room, Webinar).join(Webinar, Webinar.id == Room.webinar_id)
    makers = [provider for provider, keeper in KEEPERS.items() if keeper.makes_rooms]
    return rooms.where(Room.provider.in_(makers)).order_by(Room.webinar_id)
