"""Opening and closing quick polls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db, locked
from app.live.revisions import renew
from app.polls.enums import PollState
from app.polls.errors import NotItsTime, VotesForgotten
from app.polls.models import QuickPoll
from app.webinars.enums import Status
from app.webinars.models import Webinar

VOTES_KEPT = timedelta(days=1)


def is_its_time(webinar: Webinar) -> bool:
    """As long as votes are kept after the hour; before it as early as organisers like."""
    is_ahead = webinar.ends_at is not None and utcnow() < webinar.ends_at + VOTES_KEPT
    return webinar.status == Status.PUBLISHED and is_ahead


def open_poll(poll: QuickPoll, webinar: Webinar, actor: User, *, alone: bool = False) -> None:
    """Let people vote, again too. `alone`: whatever else is open closes. Twice is once.

    Raise NotItsTime, VotesForgotten.
    """
    if not is_its_time(webinar):
        raise NotItsTime
    held = _held(webinar.id)
    mine = [one for one in held if one.id == poll.id]
    if any(one.forgotten_at for one in mine):
        raise VotesForgotten
    for one in mine:
        one.state, one.closed_at = PollState.OPEN, None
        one.opened_at = one.opened_at or utcnow()
    if alone:
        _close(one for one in held if one.id != poll.id)
    record(actor.id, "polls.open", f"webinar:{webinar.id}", poll=poll.id)
    db.session.flush()
    renew(webinar.id)


def close_poll(poll: QuickPoll, actor: User) -> None:
    """Votes that are on their way come too late. Twice is once."""
    _close(one for one in _held(poll.webinar_id) if one.id == poll.id)
    record(actor.id, "polls.close", f"webinar:{poll.webinar_id}", poll=poll.id)
    db.session.flush()
    renew(poll.webinar_id)


def _close(polls: Iterable[QuickPoll]) -> None:
    for poll in polls:
        if poll.state == PollState.OPEN:
            poll.state, poll.closed_at = PollState.CLOSED, utcnow()


def _held(webinar_id: int) -> list[QuickPoll]:
    """All polls of the webinar, locked in the order of their ids."""
    here = QuickPoll.webinar_id == webinar_id, QuickPoll.removed_at.is_(None)
    return list(db.session.scalars(locked(select(QuickPoll).where(*here).order_by(QuickPoll.id))))
