"""Quick polls of one webinar; the caller has seen the webinar."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.core.db import db
from app.polls.enums import PollState
from app.polls.models import QuickPoll


def polls_at(webinar_id: int) -> Select[QuickPoll]:
    """All of them with their answers, in their order."""
    return (
        _kept(webinar_id)
        .options(selectinload(QuickPoll.options))
        .order_by(QuickPoll.position, QuickPoll.id)
    )


def shown_polls_at(webinar_id: int) -> Select[QuickPoll]:
    """What was opened; drafts are the organisers' own."""
    return polls_at(webinar_id).where(QuickPoll.state != PollState.DRAFT)


def one_poll(webinar_id: int, poll_id: int) -> Select[QuickPoll]:
    return polls_at(webinar_id).where(QuickPoll.id == poll_id)


def one_shown_poll(webinar_id: int, poll_id: int) -> Select[QuickPoll]:
    return shown_polls_at(webinar_id).where(QuickPoll.id == poll_id)


def one_removed_poll(webinar_id: int, poll_id: int) -> Select[QuickPoll]:
    gone = QuickPoll.removed_at.is_not(None)
    return select(QuickPoll).where(
        QuickPoll.webinar_id == webinar_id, QuickPoll.id == poll_id, gone
    )


def poll_texts(webinar_id: int) -> list[tuple[str, list[str]]]:
    """Questions and answers to read aloud, for the run sheet."""
    polls = db.session.scalars(polls_at(webinar_id))
    return [(poll.question, [option.label for option in poll.options]) for poll in polls]


def _kept(webinar_id: int) -> Select[QuickPoll]:
    return select(QuickPoll).where(
        QuickPoll.webinar_id == webinar_id, QuickPoll.removed_at.is_(None)
    )
