"""The desk of a webinar: whoever changes its questions holds it, so they come one by one.

Order of locks for everybody: the desk, questions by id, what the forum holds, and last the
revision of the live hour.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from app.accounts.models import User
from app.core.audit import record
from app.core.db import db, locked
from app.core.jobs import insert_once
from app.live.revisions import renew
from app.questions.enums import QuestionState
from app.questions.models import Question, QuestionDesk
from app.questions.queries import has_text


def hold_desk(webinar_id: int) -> QuestionDesk:
    """The desk, locked until the transaction ends; made if nobody needed it before."""
    mine = locked(select(QuestionDesk).where(QuestionDesk.webinar_id == webinar_id))
    desk = db.session.scalars(mine).first()
    if desk is None:
        row = {"webinar_id": webinar_id, "is_moderated": False, "is_closed": False}
        insert_once(QuestionDesk, row)
        desk = db.session.scalars(mine).one()
    return desk


def hold_with_merged(question_id: int) -> Question | None:
    """The question as it is now, with what was merged into it; None: its post has no text any
    more. Callers hold the desk.
    """
    same = or_(Question.id == question_id, Question.merged_into_id == question_id)
    rows = _held(and_(same, or_(Question.id != question_id, has_text())))
    return next((row for row in rows if row.id == question_id), None)


def hold_all(*question_ids: int) -> list[Question]:
    """In order of id, whatever the order they are named in."""
    return list(_held(Question.id.in_(question_ids)))


def put_away(question: Question, state: QuestionState) -> None:
    """Merged or taken back: where it stood is kept in `reason`, which nobody reads meanwhile."""
    question.reason = question.state.value
    question.state, question.is_now = state, False


def take_out(question: Question) -> None:
    """Undo `put_away`: what waited to be let through waits again."""
    waits = question.reason == QuestionState.WAITING.value
    question.state = QuestionState.WAITING if waits else QuestionState.OPEN
    question.reason = ""


def change_desk(webinar_id: int, actor: User, **changes: bool) -> None:
    """`is_moderated`: questions wait until they are let through. `is_closed`: no more of them."""
    desk = hold_desk(webinar_id)
    for name, value in changes.items():
        setattr(desk, name, value)
    record(actor.id, "questions.change_desk", f"webinar:{webinar_id}", **changes)
    db.session.flush()
    renew(webinar_id)


def _held(condition: object) -> Sequence[Question]:
    db.session.flush()
    found = select(Question).where(condition).order_by(Question.id)  # type: ignore[arg-type]
    return db.session.scalars(locked(found)).all()
