"""How an account begins: asked for, confirmed by mail."""

from __future__ import annotations

import uuid
from typing import Any

from app.accounts.errors import NameMissing
from app.accounts.models import User
from app.accounts.naming import free_handle
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import LANGUAGES
from app.core.jobs import enqueue
from app.core.zones import zone_names

DEFAULT_ZONE = "Europe/Brussels"


def open_account(email: str, display_name: str, password_hash: str | None, **more: Any) -> User:
    """A new account, not confirmed and not approved unless `more` says so.

    `more` are columns: handle, locale, timezone, wishes, role, confirmed_at, is_demo.
    """
    if not display_name.strip():
        raise NameMissing
    values: dict[str, Any] = {
        "email": email.strip().lower(),
        "display_name": display_name.strip()[:80],
        "handle": more.pop("handle", None) or free_handle(display_name),
        "password": password_hash,
        "fs_uniquifier": uuid.uuid4().hex,
        "active": True,
        "created_at": utcnow(),
    }
    person = User(**(values | more))
    db.session.add(person)
    db.session.flush()
    return person


def sign_up(email: str, display_name: str, password_hash: str, **more: Any) -> User:
    """Open an account for somebody who asked, and send the mail that confirms the address."""
    person = open_account(email, display_name, password_hash, **more)
    audit.record(person.id, "accounts.sign_up", f"user:{person.id}")
    send_confirmation(person)
    return person


def send_confirmation(person: User) -> None:
    _mail("accounts.mail_confirmation", person)


def tell_already_registered(person: User) -> None:
    """Somebody asked for a second account: only the owner of the address learns that."""
    _mail("accounts.mail_already_registered", person)


def confirm(person: User) -> None:
    """The address works. Twice is once."""
    if person.confirmed_at is None:
        person.confirmed_at = utcnow()
        audit.record(person.id, "accounts.confirm", f"user:{person.id}")


def known_locale(wish: str | None) -> str | None:
    return wish if wish in LANGUAGES else None


def known_zone(wish: str | None) -> str:
    """The zone the browser told, if it is one."""
    return wish if wish in zone_names() else DEFAULT_ZONE


def _mail(job: str, person: User) -> None:
    """At most one a minute, however often a button is pressed."""
    minute = utcnow().isoformat(timespec="minutes")
    enqueue(job, f"{person.id}:{minute}", user_id=person.id, once=minute)
