"""Rooms by webinar."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.core.db import db
from app.live.enums import Provider
from app.live.models import Room


def room_of(webinar_id: int) -> Room:
    """Its settings; where nobody saved any, those of an address that is pasted."""
    return db.session.scalars(one_room(webinar_id)).one_or_none() or _unfurnished(webinar_id)


def _unfurnished(webinar_id: int) -> Room:
    texts = ("name", "backup_url", "dial_in", "moderator_secret", "attendee_secret")
    kept = {"webinar_id": webinar_id, "provider": Provider.LINK, "uses_backup": False}
    return Room(**kept, **dict.fromkeys(texts, ""))


def one_room(webinar_id: int) -> Select[Room]:
    return select(Room).where(Room.webinar_id == webinar_id)
