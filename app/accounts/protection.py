"""What protects an account: its sessions, passkeys and recovery codes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.accounts.models import (
    RecoveryCode,
    User,
    UserSession,
    WebAuthn,
)
from app.core.db import db


def sessions_of(user: User) -> Sequence[UserSession]:
    """Browsers that are signed in, the newest first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None))
        .order_by(UserSession.created_at.desc(), UserSession.sid)
    ).all()


def passkeys_of(user: User) -> Sequence[WebAuthn]:
    return db.session.scalars(
        select(WebAuthn).where(WebAuthn.user_id == user.id).order_by(WebAuthn.id)
    ).all()


def recovery_codes_left(user: User) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )
