"""What every change of a webinar does: hold its row, see that it may change, count the change."""

from __future__ import annotations

from app.core.clock import utcnow
from app.core.db import db
from app.core.zone_data import zone_data_version
from app.webinars import seats
from app.webinars.details import PLAIN_FIELDS, WebinarDetails
from app.webinars.enums import Status
from app.webinars.errors import AlreadyCancelled, ReadOnly, StaleWebinar
from app.webinars.models import Webinar
from app.webinars.times import Slot


def hold(webinar: Webinar) -> None:
    """Lock the row; what others changed meanwhile is read."""
    seats.hold(webinar.id)


def hold_version(webinar: Webinar, version: int) -> None:
    """Hold it for a change. Raise StaleWebinar if somebody saved since, AlreadyCancelled, ReadOnly.

    What was recorded after it took place stays open: nobody was invited to it.
    """
    hold(webinar)
    if webinar.status == Status.CANCELLED:
        raise AlreadyCancelled
    require_not_archived(webinar)
    require_version(webinar, version)


def require_version(webinar: Webinar, version: int) -> None:
    if webinar.lock_version != version:
        raise StaleWebinar


def require_not_archived(webinar: Webinar) -> None:
    if webinar.status == Status.ARCHIVED and not webinar.source_url:
        raise ReadOnly


def touch(webinar: Webinar) -> None:
    webinar.lock_version += 1
    webinar.updated_at = utcnow()
    db.session.flush()


def set_slot(webinar: Webinar, slot: Slot) -> None:
    """The one place where a webinar gets its time."""
    webinar.start_local, webinar.end_local = slot.start_local, slot.end_local
    webinar.starts_at, webinar.ends_at = slot.starts_at, slot.ends_at
    webinar.tzid, webinar.sorts_at = slot.tzid, slot.starts_at
    webinar.zone_data = zone_data_version()


def has_slot(webinar: Webinar, slot: Slot) -> bool:
    now_has = (webinar.starts_at, webinar.ends_at, webinar.tzid)
    return now_has == (slot.starts_at, slot.ends_at, slot.tzid)


def set_plain(webinar: Webinar, details: WebinarDetails) -> list[str]:
    """Write the plain fields. Return the names of those that changed."""
    changed = [name for name in PLAIN_FIELDS if getattr(webinar, name) != getattr(details, name)]
    for name in changed:
        setattr(webinar, name, getattr(details, name))
    return changed
