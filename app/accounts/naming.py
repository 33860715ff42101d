"""Names of people and roles: the short one after @, and what a role is called."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.accounts.enums import SeatRole, SiteRole
from app.accounts.errors import HandleTaken, WrongHandle
from app.accounts.models import User
from app.core.db import db, wait_turn
from app.core.i18n import _
from app.core.slugs import slugify

HANDLE = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")
HANDLES = "handles"


def free_handle(display_name: str) -> str:
    """The display name as handle; a number is added when somebody has it already."""
    wait_turn(HANDLES)
    wish = slugify(display_name, longest=32)
    stem = wish if HANDLE.fullmatch(wish) else "member"
    taken = set(db.session.scalars(select(User.handle).where(User.handle.startswith(stem))))
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def check_handle(handle: str, user_id: int) -> None:
    """Raise WrongHandle or HandleTaken."""
    if not HANDLE.fullmatch(handle):
        raise WrongHandle
    wait_turn(HANDLES)
    holder = db.session.scalar(select(User.id).where(User.handle == handle))
    if holder not in (None, user_id):
        raise HandleTaken


def role_name(role: SiteRole) -> str:
    """The role in the reader's language."""
    names = {
        SiteRole.MEMBER: _("Member"),
        SiteRole.ORGANISER: _("Organiser"),
        SiteRole.ADMIN: _("Admin"),
    }
    return names[role]


def seat_role_name(role: SeatRole) -> str:
    """How a person speaks for a city, in the reader's language."""
    names = {
        SeatRole.VOICE: _("Voice"),
        SeatRole.CONTRIBUTOR: _("Contributor"),
        SeatRole.OBSERVER: _("Observer"),
    }
    return names[role]
