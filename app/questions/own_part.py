"""What is one person's own among the questions of a webinar, in one prepared statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, bindparam, null, or_, select, union_all

from app.core.prepared import Prepared
from app.questions.enums import QuestionState
from app.questions.models import Question, QuestionVote
from app.questions.queries import has_text


@dataclass(frozen=True)
class Waiting:
    """A question that nobody but its asker and the moderators has seen yet."""

    id: int
    body: str
    language: str


@dataclass(frozen=True)
class OwnPart:
    """`votes`: the ids of questions this person wants to know too."""

    votes: set[int] = field(default_factory=set)
    waiting: list[Waiting] = field(default_factory=list)


def own_part_at(webinar_id: int, user_id: int | None, registration_id: int | None) -> OwnPart:
    """By account and by registration."""
    if user_id is None and registration_id is None:
        return OwnPart()
    rows = _own.rows(
        (), webinar_id=webinar_id, user_id=user_id or 0, registration_id=registration_id or 0
    )
    waiting = sorted((row for row in rows if row[1] is not None), key=lambda row: row[0])
    votes = {row[0] for row in rows if row[1] is None}
    return OwnPart(votes, [Waiting(*row) for row in waiting])


@Prepared
def _own() -> Any:
    here = Question.webinar_id == bindparam("webinar_id", type_=Integer)
    voted = (
        select(QuestionVote.question_id, null(), null())
        .join(Question, Question.id == QuestionVote.question_id)
        .where(here, _is_of(QuestionVote.user_id, QuestionVote.registration_id))
    )
    waits = select(Question.id, Question.body, Question.language).where(
        here,
        Question.state == QuestionState.WAITING,
        _is_of(Question.asker_id, Question.registration_id),
        has_text(),
    )
    return union_all(voted, waits)


def _is_of(user_id: Any, registration_id: Any) -> Any:
    return or_(
        user_id == bindparam("user_id", type_=Integer),
        registration_id == bindparam("registration_id", type_=Integer),
    )
