"""Who may schedule and manage webinars. Who sees the room is the join page's matter."""

from __future__ import annotations

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.webinars.models import Webinar


def can_schedule(viewer: User | None) -> bool:
    return (
        viewer is not None
        and viewer.is_approved
        and viewer.role in {SiteRole.ORGANISER, SiteRole.ADMIN}
    )


def can_manage(viewer: User | None, webinar: Webinar) -> bool:
    """The organisers of this webinar, and admins: the query decides which ones they see."""
    if viewer is None or not viewer.is_approved:
        return False
    return viewer.role == SiteRole.ADMIN or is_organiser(viewer, webinar)


def is_organiser(viewer: User, webinar: Webinar) -> bool:
    return any(seat.user_id == viewer.id for seat in webinar.organisers)
