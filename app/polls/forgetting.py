"""Who chose what goes the day after the webinar; the numbers stay."""

from __future__ import annotations

from sqlalchemy import Select, and_, delete, func, or_, select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.live.revisions import renew
from app.polls.enums import PollState
from app.polls.models import QuickPoll, QuickPollVote
from app.polls.opening import VOTES_KEPT
from app.webinars.queries import ended_before, without_an_hour

UNDO_KEPT = VOTES_KEPT


def forget_votes() -> None:
    """Close what is still open, keep the counts, delete the votes."""
    polls = db.session.scalars(locked(_due())).all()
    for poll in polls:
        now = utcnow()
        poll.forgotten_at = now
        if poll.state == PollState.OPEN:
            poll.state, poll.closed_at = PollState.CLOSED, now
    _delete_votes([poll.id for poll in polls])
    db.session.flush()
    for webinar_id in sorted({poll.webinar_id for poll in polls}):
        renew(webinar_id)


def forget_removed() -> None:
    """What was thrown away a day ago."""
    gone = delete(QuickPoll).where(QuickPoll.removed_at < utcnow() - UNDO_KEPT)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _due() -> Select[QuickPoll]:
    """Opened once, and a day after the webinar; where no hour is known, a day after the poll."""
    until = utcnow() - VOTES_KEPT
    last = func.coalesce(QuickPoll.closed_at, QuickPoll.opened_at)
    left_open = and_(last < until, QuickPoll.webinar_id.in_(without_an_hour()))
    return (
        select(QuickPoll)
        .where(
            QuickPoll.opened_at.is_not(None),
            QuickPoll.forgotten_at.is_(None),
            or_(QuickPoll.webinar_id.in_(ended_before(until)), left_open),
        )
        .order_by(QuickPoll.id)
    )


def _delete_votes(poll_ids: list[int]) -> None:
    theirs = delete(QuickPollVote).where(QuickPollVote.poll_id.in_(poll_ids))
    db.session.execute(theirs.execution_options(synchronize_session=False))
