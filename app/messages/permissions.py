"""What a person may do in private conversations."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.permissions import is_organiser, may_take_part


def can_write_privately(viewer: User | None) -> bool:
    return may_take_part(viewer)


def can_see_reports(viewer: User | None) -> bool:
    """Organisers see what was reported, and five messages on each side of it."""
    return is_organiser(viewer)
