"""Signed-in browsers: opened at sign-in, ended at once by revoking."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from app.accounts.models import User, UserSession
from app.core.clock import utcnow
from app.core.db import db


def open_session(user: User, *, address: str = "", user_agent: str = "") -> str:
    """Return the new session's id. It is never one that a browser brought along."""
    sid = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            sid=sid,
            user_id=user.id,
            created_at=utcnow(),
            address=address[:45],
            user_agent=user_agent[:200],
        )
    )
    db.session.flush()
    return sid


def revoke(sid: str, user_id: int) -> None:
    """End one session of this person; a foreign or unknown id changes nothing."""
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.sid == sid,
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
        )
        .values(revoked_at=utcnow())
    )


def revoke_all(user: User, but: str | None = None) -> None:
    """End every session of a person, but for the one with the id `but`."""
    db.session.execute(
        update(UserSession)
        .where(
            UserSession.user_id == user.id,
            UserSession.sid != (but or ""),
            UserSession.revoked_at.is_(None),
        )
        .values(revoked_at=utcnow())
    )


def user_of(sid: str, uniquifier: str) -> User | None:
    """The person behind a session cookie, in one statement. None: revoked, changed or closed."""
    return db.session.scalars(
        select(User)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.sid == sid,
            UserSession.revoked_at.is_(None),
            User.fs_uniquifier == uniquifier,
            User.active.is_(True),
        )
    ).first()
