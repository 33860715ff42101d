"""What the network knows from its meetings: summaries, decisions, promises."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select

from app.accounts.models import User
from app.core.db import db
from app.core.pagination import Page
from app.notes.composing import owner_of
from app.notes.models import Action, Decision
from app.notes.queries import (
    decisions_visible_to,
    newest_summaries,
    open_actions_visible_to,
    summaries_visible_to,
)

SUMMARIES_A_PAGE = 20
MOST_RECORDS = 50


@dataclass(frozen=True)
class Promise:
    """An open action and its owner as this reader may know it."""

    action: Action
    owner: str


def summaries_page(viewer: User | None, number: int) -> Page:
    counted = select(func.count()).select_from(summaries_visible_to(viewer).subquery())
    count = -(-(db.session.scalar(counted) or 0) // SUMMARIES_A_PAGE) or 1
    number = min(number, count)
    start = (number - 1) * SUMMARIES_A_PAGE
    found = newest_summaries(viewer).limit(SUMMARIES_A_PAGE).offset(start)
    return Page(list(db.session.scalars(found)), number, count)


def register_of_decisions(viewer: User | None) -> list[Decision]:
    return list(db.session.scalars(decisions_visible_to(viewer).limit(MOST_RECORDS)))


def open_actions_by_owner(viewer: User | None) -> list[tuple[str, list[Promise]]]:
    """Open actions under the name of their city, person or role; soonest first in each."""
    is_outside = viewer is None or not viewer.is_approved
    found: dict[str, list[Promise]] = defaultdict(list)
    for action in db.session.scalars(open_actions_visible_to(viewer).limit(MOST_RECORDS)):
        owner = owner_of(action, action.note_set.attribution, public=is_outside)
        found[owner].append(Promise(action, owner))
    return sorted(found.items())
