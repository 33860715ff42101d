"""Taking demonstration webinars away, with their notes and registrations."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.accounts.directory import real_people_ids
from app.core.db import db
from app.webinars.models import Webinar, WebinarOrganiser


def remove_demo_webinars() -> int:
    """Remove what the demo made and what only demo people organise. Return how many."""
    kept = select(WebinarOrganiser.webinar_id).where(
        WebinarOrganiser.user_id.in_(real_people_ids())
    )
    gone = delete(Webinar).where(Webinar.is_demo | Webinar.id.not_in(kept))
    return len(db.session.execute(gone.returning(Webinar.id)).all())
