"""Taking away demonstration webinars, and what people told long ago about themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from app.accounts.directory import real_people_ids
from app.core.clock import utcnow
from app.core.db import db
from app.webinars.models import Registration, Series, Speaker, Webinar, WebinarOrganiser
from app.webinars.place_models import RegistrationAnswer

ANSWERS_KEPT = timedelta(days=365)


def remove_demo_webinars() -> int:
    """Remove what the demo made and what only demo people organise. Return how many."""
    kept = select(WebinarOrganiser.webinar_id).where(
        WebinarOrganiser.user_id.in_(real_people_ids())
    )
    gone = delete(Webinar).where(Webinar.is_demo | Webinar.id.not_in(kept))
    count = len(db.session.execute(gone.returning(Webinar.id)).all())
    db.session.execute(delete(Series).where(Series.is_demo))
    return count


def forget_answers() -> None:
    """Twelve months after a webinar: what people answered and need. Who came stays countable."""
    over = _long_over()
    theirs = select(Registration.id).where(Registration.webinar_id.in_(over))
    _run(delete(RegistrationAnswer).where(RegistrationAnswer.registration_id.in_(theirs)))
    for table in (Registration, Speaker):
        told: Any = update(table).where(table.webinar_id.in_(over), table.access_needs != "")
        _run(told.values(access_needs=""))


def _long_over() -> Select[int]:
    ended = func.coalesce(Webinar.ends_at, Webinar.sorts_at)
    return select(Webinar.id).where(ended < utcnow() - ANSWERS_KEPT)


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
