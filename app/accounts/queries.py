"""Who may read what, as far as people and groups decide it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Group, GroupMember, User
from app.core.db import db
from app.core.enums import Visibility

PRACTITIONERS = "practitioners"
"""The slug of the group whose layer of topics and notes is closed to everybody else."""


def group_ids_of(viewer: User) -> Select[int]:
    return select(GroupMember.group_id).where(GroupMember.user_id == viewer.id)


def is_in_group(viewer: User, group_id: int) -> bool:
    found = group_ids_of(viewer).where(GroupMember.group_id == group_id)
    return db.session.scalar(found) is not None


def is_practitioner(viewer: User) -> bool:
    found = select(Group.id).where(Group.slug == PRACTITIONERS, Group.id.in_(group_ids_of(viewer)))
    return db.session.scalar(found) is not None


def open_to(
    viewer: User | None,
    visibility: InstrumentedAttribute[Visibility],
    group_id: InstrumentedAttribute[Any],
) -> ColumnElement[bool]:
    """The condition under which a row with these two columns is the viewer's to read.

    Applicants read like visitors. Closed and hidden rows are read by their group alone.
    """
    if viewer is None or not viewer.is_approved:
        return visibility == Visibility.PUBLIC
    return or_(
        visibility.in_([Visibility.PUBLIC, Visibility.NETWORK]),
        group_id.in_(group_ids_of(viewer)),
    )


def nobody() -> ColumnElement[bool]:
    return false()
