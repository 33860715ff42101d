"""Who may read mail that came in."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.permissions import is_admin


def can_read_mail(viewer: User | None) -> bool:
    """All of it, whole: the people who run the site."""
    return is_admin(viewer)
