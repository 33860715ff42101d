"""Bringing back what was cancelled by mistake: once, and before the start."""

from __future__ import annotations

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import inviting, reminding, seats
from app.webinars.changing import hold, touch
from app.webinars.enums import Status
from app.webinars.errors import CannotRestore
from app.webinars.models import Webinar
from app.webinars.signals import webinar_changed


def can_be_restored(webinar: Webinar) -> bool:
    return (
        webinar.status == Status.CANCELLED
        and webinar.restored_at is None
        and webinar.starts_at is not None
        and webinar.starts_at > utcnow()
    )


def restore(webinar: Webinar, actor: User) -> bool:
    """Publish a cancelled webinar again and invite everybody anew. False when it is open already.

    Raise CannotRestore.
    """
    hold(webinar)
    if webinar.status == Status.PUBLISHED:
        return False
    if not can_be_restored(webinar):
        raise CannotRestore
    reason = webinar.cancel_reason
    webinar.status, webinar.restored_at = Status.PUBLISHED, utcnow()
    webinar.cancelled_at, webinar.cancel_reason = None, ""
    touch(webinar)
    seats.resume_all(webinar)
    db.session.flush()
    reminding.plan(webinar)
    record(actor.id, "webinars.restore", f"webinar:{webinar.id}", reason_was=reason)
    inviting.tell_restored(webinar, {})
    webinar_changed.send(webinar, fields=["status"])
    return True
