"""Throwing a draft away. It can be taken back for a day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.webinars.changing import hold, touch
from app.webinars.enums import Status
from app.webinars.errors import OnlyDrafts
from app.webinars.models import Webinar

KEPT_FOR = timedelta(days=1)


def discard(webinar: Webinar, actor: User) -> None:
    """Hide a draft or a template from everybody. Twice is once. Raise OnlyDrafts."""
    hold(webinar)
    if webinar.status != Status.DRAFT:
        raise OnlyDrafts
    if webinar.deleted_at is not None:
        return
    now = utcnow()
    webinar.deleted_at, webinar.publish_at = now, None
    touch(webinar)
    record(actor.id, "webinars.discard", f"webinar:{webinar.id}", title=webinar.title)
    facts = {"webinar_id": webinar.id, "deleted_at": now.isoformat()}
    key = f"{webinar.id}:{now.isoformat()}"
    enqueue("webinars.remove_discarded", key, run_at=now + KEPT_FOR, **facts)


def take_back(webinar: Webinar, actor: User) -> None:
    hold(webinar)
    if webinar.deleted_at is not None:
        webinar.deleted_at = None
        touch(webinar)
        record(actor.id, "webinars.take_back", f"webinar:{webinar.id}")


def remove_discarded(webinar_id: int, deleted_at: str) -> None:
    """Remove it for good, unless it was taken back since."""
    webinar = db.session.get(Webinar, webinar_id)
    if webinar is None:
        return
    hold(webinar)
    if webinar.deleted_at is not None and webinar.deleted_at.isoformat() == deleted_at:
        db.session.execute(delete(Webinar).where(Webinar.id == webinar_id))
