"""Taking demonstration people and groups away."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update

from app.accounts.directory import real_people_ids
from app.accounts.models import Group, GroupMember, Seat, User
from app.core.db import db


def remove_demo_people(groups_still_used: Collection[int]) -> int:
    """Remove the demo's people and groups; a group real people are in becomes theirs."""
    joined = select(GroupMember.group_id).where(GroupMember.user_id.in_(real_people_ids()))
    used = set(groups_still_used) | set(db.session.scalars(joined))
    db.session.execute(update(Group).where(Group.id.in_(used)).values(is_demo=False))
    gone = db.session.execute(delete(User).where(User.is_demo).returning(User.id)).all()
    db.session.execute(delete(Group).where(Group.is_demo))
    return len(gone)


def bodies_with_seats() -> tuple[set[int], set[int]]:
    """Ids of the cities and of the organisations in which somebody holds or held a seat."""
    rows = db.session.execute(select(Seat.city_id, Seat.organisation_id)).all()
    return {c for c, _ in rows if c}, {o for _, o in rows if o}
