"""The right to read one's own feeds without signing in: given, used, ended."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.accounts.models import FeedKey, User
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.errors import DomainError
from app.core.jobs import insert_once
from app.core.tokens import sign_as_of, unsign

Reader = User
"""Somebody who reads by key: nobody is signed in."""

PURPOSE = "feed"
LIVES_HOURS = 20 * 365 * 24  # until it is ended: feed readers are set up once
SEEN_AGAIN_AFTER = timedelta(hours=1)


def feed_key_of(person: User) -> FeedKey | None:
    """The key that works now; None when there is none or it was ended."""
    found = select(FeedKey).where(FeedKey.user_id == person.id, FeedKey.revoked_at.is_(None))
    return db.session.scalars(found).first()


def feed_token(key: FeedKey) -> str:
    """What stands in the addresses of this person's feeds: the same until they are renewed."""
    return sign_as_of(key.created_at, PURPOSE, key.user_id, key.serial)


def renew(person: User) -> FeedKey:
    """Give new addresses; the ones of before stop working at once."""
    now = utcnow()
    insert_once(FeedKey, {"user_id": person.id, "serial": 0, "created_at": now})
    found = select(FeedKey).where(FeedKey.user_id == person.id)
    key = db.session.scalars(locked(found)).one()
    key.serial += 1
    key.created_at, key.last_used_at, key.revoked_at = now, None, None
    db.session.flush()
    return key


def revoke(person: User) -> None:
    """End all addresses."""
    mine = update(FeedKey).where(FeedKey.user_id == person.id)
    db.session.execute(mine.values(revoked_at=utcnow()))


def reader_of(token: str) -> tuple[User, FeedKey] | None:
    """Whose feeds a token opens; None for a forged, old or ended one and a closed account."""
    try:
        user_id, serial = unsign(PURPOSE, token, LIVES_HOURS)
    except (DomainError, ValueError):
        return None
    found = (
        select(User, FeedKey)
        .join(FeedKey, FeedKey.user_id == User.id)
        .where(User.id == user_id, FeedKey.serial == serial, FeedKey.revoked_at.is_(None))
    )
    row = db.session.execute(found).first()
    return (row[0], row[1]) if row is not None and row[0].is_approved else None


def is_worth_noting(key: FeedKey) -> bool:
    """Feed readers ask all day: the last use is kept to the hour."""
    return key.last_used_at is None or key.last_used_at < utcnow() - SEEN_AGAIN_AFTER


def note_use(user_id: int) -> None:
    mine = update(FeedKey).where(FeedKey.user_id == user_id)
    db.session.execute(mine.values(last_used_at=utcnow()))
