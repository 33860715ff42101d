"""Mail that came in is kept for thirty days."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from app.core.clock import utcnow
from app.core.db import db
from app.mailbox.enums import Outcome
from app.mailbox.models import InboundMail

KEPT = timedelta(days=30)


def clear() -> None:
    """Remove what is older, but for what nobody has looked into yet."""
    old = InboundMail.received_at < utcnow() - KEPT
    seen = InboundMail.outcome != Outcome.WAITING
    db.session.execute(delete(InboundMail).where(old, seen))
