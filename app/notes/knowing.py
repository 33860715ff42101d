"""What the network knows from its meetings: summaries, decisions, promises."""

from __future__ import annotations

from collections import defaultdict

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.core.fragments import Key
from app.core.i18n import language
from app.core.pagination import Page
from app.forum.reach import NETWORK, PEOPLE, TOPICS, Reach
from app.notes.models import Decision
from app.notes.queries import (
    count_of_summaries,
    decisions_visible_to,
    newest_summaries,
    open_actions_visible_to,
)
from app.notes.registers import Promise, promises_of
from app.webinars.own import Own

KNOWN = (PEOPLE, NETWORK, TOPICS)
SUMMARIES_A_PAGE = 20
NEWEST_DECISIONS, SOONEST_ACTIONS = 5, 10


def key_of(reach: Reach, own: Own, number: int) -> Key:
    """All that decides what a reader finds: see `notes.queries` and `notes.permissions`.

    The day, too: seats begin and end, and what is overdue is said to be.
    """
    made_from = (own.generation, own.notes_generation, *(reach.generations[one] for one in KNOWN))
    is_admin = reach.viewer is not None and reach.viewer.role == SiteRole.ADMIN
    reached = (reach.wide[-1], reach.topics, reach.groups, own.organised, is_admin)
    return ("knowledge", language(), utcnow().date(), *made_from, *reached, number)


def summaries_page(viewer: User | None, number: int) -> Page:
    whole = db.session.scalar(count_of_summaries(viewer)) or 0
    count = -(-whole // SUMMARIES_A_PAGE) or 1
    number = min(number, count)
    start = (number - 1) * SUMMARIES_A_PAGE
    found = newest_summaries(viewer).limit(SUMMARIES_A_PAGE).offset(start)
    return Page(list(db.session.scalars(found)), number, count)


def newest_decisions(viewer: User | None) -> list[Decision]:
    return list(db.session.scalars(decisions_visible_to(viewer).limit(NEWEST_DECISIONS)))


def next_actions_by_owner(viewer: User | None) -> list[tuple[str, list[Promise]]]:
    """The open ones that are due soonest, under the name of their city, person or role."""
    soonest = db.session.scalars(open_actions_visible_to(viewer).limit(SOONEST_ACTIONS)).all()
    found: dict[str, list[Promise]] = defaultdict(list)
    for promise in promises_of(viewer, soonest):
        found[promise.owner].append(promise)
    return sorted(found.items())
