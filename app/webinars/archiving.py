"""What happened long ago is kept as it is (spec/webinars 6.1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.webinars.changing import touch
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.signals import webinar_updated

ARCHIVED_AFTER = timedelta(days=90)
AT_ONCE = 200


def archive_old() -> int:
    """Archive what ended ninety days ago or earlier. Return how many; some may be left."""
    old = list(db.session.scalars(locked(_old(utcnow() - ARCHIVED_AFTER))))
    for webinar in old:
        webinar.status = Status.ARCHIVED
        touch(webinar)
        record(None, "webinars.archive", f"webinar:{webinar.id}")
        webinar_updated.send(webinar, fields=["status"])
    return len(old)


def _old(since: datetime) -> Select[Webinar]:
    held = select(Webinar).where(Webinar.status == Status.PUBLISHED, Webinar.ends_at <= since)
    return held.order_by(Webinar.id).limit(AT_ONCE)
