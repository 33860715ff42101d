"""Who may come in, and who runs the house."""

from __future__ import annotations

from app.accounts.enums import SiteRole
from app.accounts.errors import AccountClosed, NotConfirmed, WaitingForApproval
from app.accounts.models import Seat, User


def check_may_come_in(person: User) -> None:
    """Raise what still stands between a person with the right password and the site."""
    if not person.active:
        raise AccountClosed
    if person.confirmed_at is None:
        raise NotConfirmed
    if person.approved_at is None:
        raise WaitingForApproval


def is_admin(viewer: User | None) -> bool:
    return viewer is not None and viewer.is_approved and viewer.role is SiteRole.ADMIN


def is_organiser(viewer: User | None) -> bool:
    """Admins may do all that organisers do."""
    return viewer is not None and viewer.is_approved and viewer.role is not SiteRole.MEMBER


def may_take_part(viewer: User | None) -> bool:
    """Approved members may write; visitors and applicants only read."""
    return viewer is not None and viewer.is_approved


def can_see_members(viewer: User | None) -> bool:
    return may_take_part(viewer)


def can_hand_over(viewer: User | None, seat: Seat) -> bool:
    """Whoever holds the seat, and the office."""
    return is_admin(viewer) or (may_take_part(viewer) and viewer is seat.user)
