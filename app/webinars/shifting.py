"""The demonstration's live hour, laid on another moment: real webinars are moved and mailed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Select, select

from app.core.db import db
from app.webinars.changing import hold, set_slot, touch
from app.webinars.enums import Status
from app.webinars.models import Registration, Webinar
from app.webinars.times import Slot


def demo_webinar(title: str) -> Select[Webinar]:
    """The one that the demo made, unless somebody renamed or cancelled it."""
    told = (Webinar.is_demo, Webinar.title == title, Webinar.starts_at.is_not(None))
    kept = Webinar.status.in_([Status.PUBLISHED, Status.ARCHIVED])
    return select(Webinar).where(*told, kept).order_by(Webinar.id).limit(1)


def shift(webinar: Webinar, slot: Slot) -> timedelta:
    """Nobody is mailed. Who had come has come as long after the start as before; say how far."""
    hold(webinar)
    by = slot.starts_at - (webinar.starts_at or slot.starts_at)
    set_slot(webinar, slot)
    webinar.ended_at, webinar.status = None, Status.PUBLISHED
    webinar.sequence += 1
    webinar.armed_for = slot.starts_at  # so that no reminder is planned
    came = (Registration.webinar_id == webinar.id, Registration.joined_at.is_not(None))
    for registration in db.session.scalars(select(Registration).where(*came)):
        registration.joined_at = (registration.joined_at or slot.starts_at) + by
    touch(webinar)
    return by
