"""Signed-in browsers: opened at sign-in, ended at once by revoking."""

from __future__ import annotations

import secrets
from typing import Any, cast

from sqlalchemy import Select, String, bindparam, select, update

from app.accounts.models import User, UserSession
from app.core.clock import utcnow
from app.core.db import db
from app.core.prepared import Prepared, apart, attached, loaded
from app.core.reading_ahead import member_taken


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
    read = member_taken(sid, uniquifier)
    if read is not None:
        return cast(User, attached(read))
    row = _person.first((), sid=sid, uniquifier=uniquifier)
    return None if row is None else loaded(User, COLUMNS, row)


def person_alone(sid: str, uniquifier: str) -> User | None:
    """The same for who only reads, inside of `core.alone.each_alone`."""
    row = _person.first((), sid=sid, uniquifier=uniquifier)
    return None if row is None else apart(User, COLUMNS, row)


COLUMNS = tuple(User.__table__.columns)


@Prepared
def _person() -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.sid == bindparam("sid", type_=String),
            UserSession.revoked_at.is_(None),
            User.fs_uniquifier == bindparam("uniquifier", type_=String),
            User.active.is_(True),
        )
    )
