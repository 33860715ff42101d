"""Letting applicants in, and giving people roles."""

from __future__ import annotations

from sqlalchemy import select

from app.accounts.enums import SiteRole
from app.accounts.errors import AlreadyDecided, LastAdmin
from app.accounts.models import User
from app.accounts.sessions import revoke_all
from app.accounts.signals import account_approved
from app.core import audit
from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue


def approve(person: User, actor: User | None) -> None:
    """Make an applicant a member and tell them by mail."""
    _claim(person)
    person.approved_at = utcnow()
    person.approved_by_id = actor.id if actor else None
    audit.record(person.approved_by_id, "accounts.approve", f"user:{person.id}")
    enqueue("accounts.mail_approved", str(person.id), user_id=person.id)
    account_approved.send(person)


def decline(person: User, actor: User, reason: str) -> None:
    """Close an application. The person reads the reason."""
    _claim(person)
    person.active = False
    audit.record(actor.id, "accounts.decline", f"user:{person.id}", reason=reason)
    enqueue("accounts.mail_declined", str(person.id), user_id=person.id, reason=reason)


def change_role(person: User, role: SiteRole, actor: User | None) -> None:
    """Raise LastAdmin when nobody would be left to run the house."""
    if person.role is SiteRole.ADMIN and role is not SiteRole.ADMIN and _admin_count() < 2:
        raise LastAdmin
    before, person.role = person.role, role
    thing = f"user:{person.id}"
    audit.record(actor.id if actor else None, "accounts.change_role", thing, before=before, to=role)


def make_admin(person: User) -> None:
    """From the command line: confirmed, approved and admin, whatever was before."""
    now = utcnow()
    person.active = True
    person.confirmed_at = person.confirmed_at or now
    person.approved_at = person.approved_at or now
    change_role(person, SiteRole.ADMIN, None)


def close(person: User, actor: User) -> None:
    """End an account's access at once."""
    person.active = False
    revoke_all(person)
    audit.record(actor.id, "accounts.close", f"user:{person.id}")


def _claim(person: User) -> None:
    """One decision only, also when two admins decide at once."""
    db.session.scalars(locked(select(User).where(User.id == person.id))).one()
    if person.approved_at is not None or not person.active:
        raise AlreadyDecided


def _admin_count() -> int:
    admins = select(User.id).where(User.role == SiteRole.ADMIN, User.active)
    return len(db.session.scalars(locked(admins)).all())
