"""Who reads, in statements that are prepared once for all readers of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Integer, bindparam

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow

READER_ID = "reader_id"
NOBODY = -1  # not 0: visitors' things are kept under it


@dataclass(frozen=True, eq=False)
class Reader:
    """Stands where conditions ask a person for these two."""

    id: Any
    is_approved: bool


_ID = bindparam(READER_ID, type_=Integer)
MEMBER, APPLICANT = Reader(_ID, is_approved=True), Reader(_ID, is_approved=False)


def kind_of(viewer: User | None) -> User | None:
    """The stand-in for this viewer: None for visitors, else one of two."""
    if viewer is None:
        return None
    return cast(User, MEMBER if viewer.is_approved else APPLICANT)


def reader_values(viewer: User | None) -> dict[str, int]:
    """What a statement built for `kind_of(viewer)` is executed with."""
    return {} if viewer is None else {READER_ID: viewer.id}


def passer_by() -> User:
    """A member who is nobody: for pages that are made ready before anybody asks."""
    return User(
        id=NOBODY,
        active=True,
        approved_at=utcnow(),
        role=SiteRole.MEMBER,
        email="",
        display_name="",
        handle="",
        timezone="UTC",
        counts_as_reader=False,
    )
