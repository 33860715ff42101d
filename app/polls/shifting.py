"""Quick polls of the demonstration's live hour when that is laid on another moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from app.core.db import db
from app.live.revisions import renew
from app.polls.enums import PollState
from app.polls.queries import polls_at


def shift(webinar_id: int, by: timedelta, running: Collection[str]) -> None:
    """`running` are the questions of those that people vote in again; the votes so far stay."""
    for poll in db.session.scalars(polls_at(webinar_id)):
        if poll.opened_at is None:
            continue
        poll.opened_at += by
        poll.closed_at = poll.closed_at + by if poll.closed_at else None
        if poll.question in running:
            poll.state, poll.closed_at, poll.forgotten_at = PollState.OPEN, None, None
    db.session.flush()
    renew(webinar_id)
