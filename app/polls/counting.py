"""Quick polls of several webinars, in numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.polls.enums import PollState
from app.polls.models import QuickPoll


def polls_by_webinar(ids: Collection[int]) -> Sequence[Any]:
    """One row for each webinar with `polls` that were opened and their `voters` added up."""
    counted = (
        select(
            QuickPoll.webinar_id,
            func.count().label("polls"),
            func.sum(QuickPoll.voters).label("voters"),
        )
        .where(QuickPoll.webinar_id.in_(ids), QuickPoll.removed_at.is_(None))
        .where(QuickPoll.state != PollState.DRAFT)
        .group_by(QuickPoll.webinar_id)
    )
    return db.session.execute(counted).all()
