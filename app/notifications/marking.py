"""Saying that notices are read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.notifications.models import Notice


def mark_notice(notice: Notice) -> None:
    notice.read_at = notice.read_at or utcnow()
    db.session.flush()


def mark_all(person: User) -> datetime:
    """Mark every notice as read; return the moment, by which it can be undone."""
    now = utcnow()
    mine = update(Notice).where(Notice.user_id == person.id, Notice.read_at.is_(None))
    db.session.execute(mine.values(read_at=now))
    return now


def unmark(person: User, moment: datetime) -> None:
    """Undo `mark_all` of that moment."""
    mine = update(Notice).where(Notice.user_id == person.id, Notice.read_at == moment)
    db.session.execute(mine.values(read_at=None))
