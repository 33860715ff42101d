"""Which questions a person may see. Nothing else reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm import joinedload

from app.core.db import db
from app.forum.queries import post_can_be_read, post_ids_in
from app.live.attendees import Attendee
from app.questions.enums import QuestionState, Source
from app.questions.models import Question, QuestionDesk

SHOWN = (QuestionState.OPEN, QuestionState.ANSWERED)
"""What everybody sees who may see the webinar."""

ON_SCREEN = (
    QuestionState.WAITING,
    QuestionState.OPEN,
    QuestionState.ANSWERED,
    QuestionState.MERGED,
    QuestionState.DISMISSED,
)


def questions_visible_to(attendee: Attendee) -> Select[Question]:
    """Of one webinar: those that are shown, and one's own; to organisers also those that wait,
    were dismissed or merged. What was asked by a post is gone with the post's text.
    """
    seen = or_(Question.state.in_(SHOWN), asked_by(attendee))
    if attendee.manages:
        seen = Question.state != QuestionState.WITHDRAWN
    return (
        select(Question)
        .where(Question.webinar_id == attendee.webinar.id, seen, has_text())
        .options(joinedload(Question.agenda_item))
    )


def one_question(attendee: Attendee, question_id: int) -> Select[Question]:
    return questions_visible_to(attendee).where(Question.id == question_id)


def own_questions(attendee: Attendee, question_id: int | None = None) -> Select[Question]:
    """What this person asked and did not take back, the newest first; or one of these."""
    mine = questions_visible_to(attendee).where(
        asked_by(attendee), Question.state != QuestionState.WITHDRAWN
    )
    if question_id is not None:
        mine = mine.where(Question.id == question_id)
    return mine.order_by(Question.asked_at.desc(), Question.id.desc())


def own_withdrawn(attendee: Attendee, question_id: int) -> Select[Question]:
    here = (Question.webinar_id == attendee.webinar.id, Question.id == question_id)
    return select(Question).where(
        *here, asked_by(attendee), Question.state == QuestionState.WITHDRAWN
    )


def asked_by(attendee: Attendee) -> ColumnElement[bool]:
    """By the account, and by the registration from before there was one."""
    mine: list[Any] = []
    if attendee.user is not None:
        mine.append(Question.asker_id == attendee.user.id)
    if attendee.registration is not None:
        mine.append(Question.registration_id == attendee.registration.id)
    return or_(*mine) if mine else false()


def has_text() -> ColumnElement[bool]:
    """False for what was asked by a post that nobody can read any more."""
    return or_(Question.source != Source.THREAD, post_can_be_read(Question.post_id))


def desk_of(webinar_id: int) -> QuestionDesk | None:
    return db.session.get(QuestionDesk, webinar_id)


def desk_of_thread(thread_id: int) -> Select[QuestionDesk]:
    """The webinar that a thread prepares."""
    return select(QuestionDesk).where(QuestionDesk.prep_thread_id == thread_id)


def unanswered_at(webinar_id: int) -> Select[Question]:
    """What was let through and has no answer, by votes."""
    return (
        select(Question)
        .where(Question.webinar_id == webinar_id, Question.state == QuestionState.OPEN, has_text())
        .order_by(Question.votes.desc(), Question.asked_at, Question.id)
    )


def question_of_post(post_id: int) -> Select[Question]:
    return select(Question).where(Question.post_id == post_id)


def questions_of_thread(thread_id: int) -> Select[Question]:
    """What became this conversation of the forum."""
    return select(Question).where(Question.thread_id == thread_id).order_by(Question.id)


def question_by_id(question_id: int) -> Select[Question]:
    """For work that was queued by whoever saw it."""
    return select(Question).where(Question.id == question_id)


def questions_from_thread(thread_id: int) -> Select[Question]:
    """Those that its posts asked."""
    return select(Question).where(Question.post_id.in_(post_ids_in(thread_id)))


def mergeable_with(attendee: Attendee, question_id: int) -> Sequence[Question]:
    """Others of the webinar that are shown, by votes."""
    others = questions_visible_to(attendee).where(
        Question.id != question_id, Question.state.in_(SHOWN)
    )
    return db.session.scalars(others.order_by(Question.votes.desc(), Question.id)).all()


def to_moderate(attendee: Attendee) -> Sequence[Question]:
    """All that this host may see, as the moderator's screen shows it: what is answered now, what
    waits, what is open by votes, then the rest.
    """
    order = {state: place for place, state in enumerate(ON_SCREEN)}
    rows = db.session.scalars(questions_visible_to(attendee)).all()
    shown = [row for row in rows if row.state in order]
    return sorted(shown, key=lambda row: (not row.is_now, order[row.state], -row.votes, row.id))
