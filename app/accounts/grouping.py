"""Groups: people with a common right to read."""

from __future__ import annotations

from app.accounts.models import Group, GroupMember, User
from app.core.db import Words, db
from app.core.jobs import insert_once


def create_group(slug: str, names: Words, *, is_demo: bool = False) -> Group:
    group = Group(slug=slug, names=names, is_demo=is_demo)
    db.session.add(group)
    db.session.flush()
    return group


def add_member(group: Group, user: User) -> None:
    """Twice is once."""
    insert_once(GroupMember, {"group_id": group.id, "user_id": user.id})


def remove_member(group: Group, user: User) -> None:
    membership = db.session.get(GroupMember, (group.id, user.id))
    if membership is not None:
        db.session.delete(membership)
        db.session.flush()
