"""Recovery codes: shown once, kept as hashes, each good for one sign-in."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import delete, update

from app.accounts.errors import WrongCode
from app.accounts.models import RecoveryCode, User
from app.core.clock import utcnow
from app.core.db import db

CODES = 10
LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read for something else
GROUPS, GROUP_LENGTH = 6, 4  # 118 bits: too many to guess from a hash without salt


def make_codes(user: User) -> list[str]:
    """Replace a person's codes. The plain ones exist only in what is returned."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(code)) for code in codes)
    return codes


def use_code(user: User, code: str) -> None:
    """Spend a code. Raise WrongCode if it is unknown or was spent before."""
    spent = db.session.scalars(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=utcnow())
        .returning(RecoveryCode.id)
    ).all()
    if not spent:
        raise WrongCode


def drop_codes(user: User) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _new_code() -> str:
    groups = ("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    return "-".join(groups)


def _hash(code: str) -> str:
    plain = "".join(c for c in code.lower() if c in LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()
