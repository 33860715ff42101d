"""Which date polls a viewer may see: whoever may come once the webinar is published."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.accounts.queries import nobody
from app.core.clock import utcnow
from app.core.db import db
from app.datepolls.models import DatePoll, PollSlot, PollVote
from app.webinars.models import Webinar
from app.webinars.queries import audience, organised_ids


def polls_visible_to(viewer: User | None) -> Select[DatePoll]:
    """Approved members only. Of webinars that were thrown away there is no poll."""
    polls = select(DatePoll).join(Webinar, Webinar.id == DatePoll.webinar_id)
    kept = polls.where(Webinar.deleted_at.is_(None))
    if viewer is None or not viewer.is_approved:
        return kept.where(nobody())
    return kept.where(or_(audience(viewer), Webinar.id.in_(organised_ids(viewer))))


def one_poll(viewer: User | None, webinar_id: int) -> Select[DatePoll]:
    """A poll with its webinar and slots."""
    return (
        polls_visible_to(viewer)
        .where(DatePoll.webinar_id == webinar_id)
        .options(
            joinedload(DatePoll.webinar).selectinload(Webinar.organisers),
            selectinload(DatePoll.slots),
        )
    )


def open_polls(viewer: User | None) -> Select[DatePoll]:
    """Those that still want answers, the soonest to close first."""
    return (
        polls_visible_to(viewer)
        .where(DatePoll.closed_at.is_(None), DatePoll.closes_at > utcnow())
        .options(joinedload(DatePoll.webinar))
        .order_by(DatePoll.closes_at, DatePoll.id)
        .limit(50)
    )


def poll_of(webinar_id: int) -> DatePoll | None:
    """For those who organise the webinar, which the caller has seen."""
    return db.session.scalars(select(DatePoll).where(DatePoll.webinar_id == webinar_id)).first()


def votes_of(poll: DatePoll) -> list[PollVote]:
    """All answers to all slots, in the order of the people."""
    slots = select(PollSlot.id).where(PollSlot.poll_id == poll.id)
    votes = select(PollVote).where(PollVote.slot_id.in_(slots))
    return list(db.session.scalars(votes.order_by(PollVote.user_id, PollVote.slot_id)))


def choices_of(poll: DatePoll, viewer: User) -> dict[int, Any]:
    """What the viewer answered, by slot."""
    return {vote.slot_id: vote.value for vote in votes_of(poll) if vote.user_id == viewer.id}
