"""New passwords: forgotten ones, changed ones. All other sessions end."""

from __future__ import annotations

import uuid

from app.accounts.models import User
from app.accounts.sessions import revoke_all
from app.core import audit
from app.core.clock import utcnow
from app.core.jobs import enqueue


def ask_for_reset(person: User) -> None:
    """Send the link; at most one a minute."""
    minute = utcnow().isoformat(timespec="minutes")
    enqueue("accounts.mail_reset", f"{person.id}:{minute}", user_id=person.id, once=minute)


def set_password(person: User, password_hash: str, act: str) -> None:
    """Replace the password. Every session and every reset link of before is dead.

    `act` says how it came about, for the audit log: "reset" or "change".
    """
    person.password = password_hash
    person.fs_uniquifier = uuid.uuid4().hex
    revoke_all(person)
    audit.record(person.id, f"accounts.password_{act}", f"user:{person.id}")
    once = person.fs_uniquifier
    enqueue("accounts.mail_password_changed", f"{person.id}:{once}", user_id=person.id, once=once)
