"""Taking demonstration cities and organisations away."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, update

from app.core.db import db
from app.network.models import City, Organisation


def remove_demo_network(cities_in_use: Collection[int], bodies_in_use: Collection[int]) -> int:
    """Remove the demo's members of the network; one with real people in it becomes theirs."""
    removed = 0
    for table, used in ((City, cities_in_use), (Organisation, bodies_in_use)):
        db.session.execute(update(table).where(table.id.in_(used)).values(is_demo=False))
        gone = delete(table).where(table.is_demo).returning(table.id)
        removed += len(db.session.execute(gone).all())
    return removed
