"""Taking demonstration threads away, with everything said in them."""

from __future__ import annotations

from sqlalchemy import delete, select

from app.accounts.directory import demo_people_ids
from app.core.db import db
from app.forum.models import Thread
from app.forum.reader_models import CityMention


def cities_named() -> set[int]:
    """Ids of the cities that are named in posts."""
    return set(db.session.scalars(select(CityMention.city_id).distinct()))


def remove_demo_threads() -> int:
    """Remove what the demo told and what demo people started. Return how many."""
    gone = delete(Thread).where(Thread.is_demo | Thread.author_id.in_(demo_people_ids()))
    return len(db.session.execute(gone.returning(Thread.id)).all())
