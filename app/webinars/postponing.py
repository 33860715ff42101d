"""Putting a webinar off without a new date, and giving it one (spec/webinars 6.1)."""

from __future__ import annotations

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import inviting, reminding, seats
from app.webinars.changing import hold, require_version, set_slot, touch
from app.webinars.enums import Status
from app.webinars.errors import AlreadyOver, NotPostponed, NotPublished, ReasonMissing
from app.webinars.models import Webinar
from app.webinars.phases import is_over
from app.webinars.signals import webinar_changed
from app.webinars.times import Slot, require_notice


def postpone(webinar: Webinar, reason: str, actor: User) -> bool:
    """Take it out of everybody's calendar; the seats are kept. False when it is off already.

    Reminders are dropped: they are sent for published webinars alone.
    Raise ReasonMissing, NotPublished, AlreadyOver.
    """
    if not reason.strip():
        raise ReasonMissing
    hold(webinar)
    if webinar.status == Status.POSTPONED:
        return False
    _require_postponable(webinar)
    webinar.status, webinar.postponed_at = Status.POSTPONED, utcnow()
    webinar.postpone_reason = reason
    touch(webinar)
    seats.hold_all(webinar)
    record(actor.id, "webinars.postpone", f"webinar:{webinar.id}", reason=reason)
    db.session.flush()
    inviting.tell_postponed(webinar)
    webinar_changed.send(webinar, fields=["status"])
    return True


def give_new_date(webinar: Webinar, slot: Slot, actor: User, *, version: int) -> None:
    """Publish it again at a new time. Everybody keeps the seat and is invited anew.

    Raise StaleWebinar, NotPostponed, TooSoon.
    """
    hold(webinar)
    if webinar.status != Status.POSTPONED:
        raise NotPostponed
    require_version(webinar, version)
    require_notice(slot.starts_at, utcnow())
    before = {"starts_at": webinar.starts_at, "ends_at": webinar.ends_at}
    set_slot(webinar, slot)
    webinar.status, webinar.ended_at = Status.PUBLISHED, None
    touch(webinar)
    seats.resume_all(webinar)
    db.session.flush()
    reminding.plan(webinar)
    start = slot.starts_at.isoformat()
    record(actor.id, "webinars.give_new_date", f"webinar:{webinar.id}", starts_at=start)
    inviting.tell_restored(webinar, before)
    webinar_changed.send(webinar, fields=["status", "starts_at", "ends_at"])


def _require_postponable(webinar: Webinar) -> None:
    if webinar.status != Status.PUBLISHED:
        raise NotPublished
    if is_over(webinar, utcnow()):
        raise AlreadyOver
