"""Questions that ask the same: one stands for all, and has everybody's vote once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.core.db import db
from app.live.revisions import renew
from app.questions.desk import hold_all, hold_desk, put_away, take_out
from app.questions.enums import QuestionState
from app.questions.errors import NotMergeable, NotOpen
from app.questions.models import Question
from app.questions.voting import gather

MERGEABLE = {QuestionState.WAITING, QuestionState.OPEN}
TARGETS = {QuestionState.OPEN, QuestionState.ANSWERED}


def merge(question: Question, target_id: int) -> list[int]:
    """Into another one of the same webinar. Return what was merged into it before, for the undo:
    all of that belongs to the target from now on. Raise NotOpen, NotMergeable.
    """
    hold_desk(question.webinar_id)
    came = _merged_into(question.id)
    held = {row.id: row for row in hold_all(question.id, target_id, *came)}
    mine, target = held[question.id], held.get(target_id)
    if mine.state not in MERGEABLE:
        raise NotOpen
    if target is None or not _can_take(target, mine):
        raise NotMergeable
    put_away(mine, QuestionState.MERGED)
    for question_id in (mine.id, *came):
        held[question_id].merged_into_id = target.id
    gather(mine)
    gather(target)
    _end(mine)
    return came


def split(question: Question, came: Collection[int] = ()) -> None:
    """Undo `merge`: it stands by itself again, with those that were merged into it before.

    Raise NotOpen.
    """
    hold_desk(question.webinar_id)
    target_id = _target_of(question.id)
    if target_id is None:
        raise NotOpen
    family = [question.id, target_id, *_merged_into(target_id)]
    held = {row.id: row for row in hold_all(*family)}
    mine = held[question.id]
    take_out(mine)
    mine.merged_into_id = None
    for question_id in set(came) & held.keys() - {question.id, target_id}:
        held[question_id].merged_into_id = question.id
    gather(held[target_id])
    gather(mine)
    _end(mine)


def _can_take(target: Question, mine: Question) -> bool:
    is_other = target.id != mine.id and target.webinar_id == mine.webinar_id
    return is_other and target.state in TARGETS


def _merged_into(question_id: int) -> list[int]:
    found = select(Question.id).where(Question.merged_into_id == question_id)
    return list(db.session.scalars(found.order_by(Question.id)))


def _target_of(question_id: int) -> int | None:
    found = select(Question.merged_into_id).where(
        Question.id == question_id, Question.state == QuestionState.MERGED
    )
    return db.session.scalar(found)


def _end(held: Question) -> None:
    held.lock_version += 1
    db.session.flush()
    renew(held.webinar_id)
