"""Taking demonstration topics away."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, update

from app.core.db import db
from app.topics.models import Topic


def remove_demo_topics(still_used: Collection[int]) -> int:
    """Remove the demo's topics; one that real people use by now becomes theirs."""
    db.session.execute(update(Topic).where(Topic.id.in_(still_used)).values(is_demo=False))
    return len(db.session.execute(delete(Topic).where(Topic.is_demo).returning(Topic.id)).all())
