"""Certificates by their code, and that of one registration."""

from __future__ import annotations

import re

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.certificates.models import Certificate
from app.core.db import db, locked

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, GROUP = 4, 4
CODE = re.compile(f"[{LETTERS}]{{{GROUPS * GROUP}}}")


def tidy_code(read: str) -> str:
    """As it is kept, however somebody typed it; empty when it cannot be one."""
    letters = read[:40].upper().replace("-", "").replace(" ", "")
    return in_groups(letters) if CODE.fullmatch(letters) else ""


def in_groups(letters: str) -> str:
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def one_certificate(code: str) -> Select[Certificate]:
    """Valid or revoked. Whoever has the code may see it."""
    mine = Certificate.code == code
    return select(Certificate).where(mine).options(joinedload(Certificate.webinar))


def valid_certificate(registration_id: int) -> Certificate | None:
    return db.session.scalars(_valid(registration_id)).first()


def valid_certificate_held(registration_id: int) -> Certificate | None:
    """Locked, inside a transaction that changes it."""
    return db.session.scalars(locked(_valid(registration_id))).first()


def _valid(registration_id: int) -> Select[Certificate]:
    mine = Certificate.registration_id == registration_id
    return select(Certificate).where(mine, Certificate.revoked_at.is_(None))
