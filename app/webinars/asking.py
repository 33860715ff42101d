"""What organisers ask whoever registers, and what people answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select

from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.webinars import seats
from app.webinars.enums import QuestionKind
from app.webinars.errors import TooManyQuestions
from app.webinars.models import Registration, Webinar
from app.webinars.place_models import RegistrationAnswer, RegistrationQuestion

MOST_QUESTIONS, MOST_CHOICES = 10, 20
YES, NO = "yes", "no"

Question = RegistrationQuestion


@dataclass(frozen=True)
class QuestionRow:
    """One row as a form has it. `id` names the question it changes; without a label it ends."""

    label: str
    kind: QuestionKind = QuestionKind.TEXT
    choices: tuple[str, ...] = ()
    is_required: bool = False
    id: int | None = None


def questions_at(webinar_id: int) -> Select[Question]:
    """What is asked now."""
    return _in_order(Question.webinar_id == webinar_id, Question.ended_at.is_(None))


def every_question_at(webinar_id: int) -> Select[Question]:
    """Those too that are asked no longer: people answered them."""
    return _in_order(Question.webinar_id == webinar_id)


def questions_in(webinar_ids: Sequence[int]) -> Select[Question]:
    """What several webinars ask now, say the sessions of a series."""
    return _in_order(Question.webinar_id.in_(webinar_ids), Question.ended_at.is_(None))


def once_each(questions: Iterable[Question]) -> list[Question]:
    """Of questions with the same words the first: sessions are often asked alike."""
    first: dict[object, Question] = {}
    for question in questions:
        first.setdefault((question.label, question.kind), question)
    return list(first.values())


def spread(replies: Mapping[int, str], questions: Iterable[Question]) -> dict[int, str]:
    """An answer to one question answers all with the same words."""
    asked = list(questions)
    said = {(one.label, one.kind): replies[one.id] for one in asked if one.id in replies}
    return {one.id: said[one.label, one.kind] for one in asked if (one.label, one.kind) in said}


def _in_order(*conditions: ColumnElement[bool]) -> Select[Question]:
    ended_last = (Question.ended_at.is_not(None), Question.position, Question.id)
    return select(Question).where(*conditions).order_by(*ended_last)


def answer_counts(webinar_id: int) -> dict[int, int]:
    """How many answered each question."""
    counted = (
        select(RegistrationAnswer.question_id, func.count())
        .join(RegistrationAnswer.question)
        .where(Question.webinar_id == webinar_id)
        .group_by(RegistrationAnswer.question_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def replace_questions(webinar: Webinar, rows: Sequence[QuestionRow], actor: User) -> None:
    """Make the questions what the rows say; what no row names stays.

    A question that somebody answered is never deleted: it ends. Asked in another way (a choice
    instead of a text) it is another question.
    """
    seats.hold(webinar.id)
    known = {found.id: found for found in db.session.scalars(every_question_at(webinar.id))}
    answered = answer_counts(webinar.id).keys()
    for position, row in enumerate(rows, start=1):
        question = known.get(row.id) if row.id else None
        if question is not None and _becomes_another(question, row, question.id in answered):
            _end(question, question.id in answered)
            question = None
        if row.label:
            _fill(question or _newcomer(webinar), row, position)
    _require_few(webinar)
    record(actor.id, "webinars.ask", f"webinar:{webinar.id}")


def ask_again(webinar: Webinar, question_id: int, actor: User) -> None:
    """Take up a question that had ended, as the last one. Twice is once."""
    seats.hold(webinar.id)
    asked = db.session.scalars(every_question_at(webinar.id)).all()
    for question in asked:
        if question.id == question_id and question.ended_at is not None:
            question.ended_at = None
            question.position = max(other.position for other in asked) + 1
            _require_few(webinar)
            record(actor.id, "webinars.ask", f"webinar:{webinar.id}")


def _require_few(webinar: Webinar) -> None:
    db.session.flush()
    if len(db.session.scalars(questions_at(webinar.id)).all()) > MOST_QUESTIONS:
        raise TooManyQuestions(MOST_QUESTIONS)


def _becomes_another(question: Question, row: QuestionRow, is_answered: bool) -> bool:
    return not row.label or (is_answered and question.kind != row.kind)


def _end(question: Question, is_answered: bool) -> None:
    if is_answered:
        question.ended_at = question.ended_at or utcnow()
    else:
        db.session.delete(question)


def _newcomer(webinar: Webinar) -> Question:
    question = Question(webinar_id=webinar.id)
    with db.session.no_autoflush:
        db.session.add(question)
    return question


def _fill(question: Question, row: QuestionRow, position: int) -> None:
    question.position, question.label, question.kind = position, row.label, row.kind
    question.choices = list(row.choices) if row.kind == QuestionKind.CHOICE else []
    question.is_required, question.ended_at = row.is_required, None


def save_answers(registration: Registration, replies: Mapping[int, str]) -> None:
    """Keep what a person answered, by the question's id; an empty text takes it back."""
    if not replies:
        return
    asked = set(db.session.scalars(_ids_of(registration.webinar_id, replies)))
    known = {row.question_id: row for row in db.session.scalars(_answers_to(registration, replies))}
    for question_id, text in replies.items():
        found = known.get(question_id)
        if found is not None and text:
            found.text = text
        elif found is not None:
            db.session.delete(found)
        elif text and question_id in asked:
            fresh = RegistrationAnswer(registration_id=registration.id, question_id=question_id)
            fresh.text = text
            db.session.add(fresh)


def _ids_of(webinar_id: int, question_ids: Iterable[int]) -> Select[int]:
    return select(Question.id).where(
        Question.webinar_id == webinar_id, Question.id.in_(question_ids)
    )


def _answers_to(
    registration: Registration, question_ids: Iterable[int]
) -> Select[RegistrationAnswer]:
    return select(RegistrationAnswer).where(
        RegistrationAnswer.registration_id == registration.id,
        RegistrationAnswer.question_id.in_(question_ids),
    )


def answers_of(registration_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """What people answered, by registration and question, in one statement."""
    found: dict[int, dict[int, str]] = {}
    rows = select(RegistrationAnswer).where(
        RegistrationAnswer.registration_id.in_(registration_ids)
    )
    for row in db.session.scalars(rows) if registration_ids else ():
        found.setdefault(row.registration_id, {})[row.question_id] = row.text
    return found


def answer_words(question: Question, text: str) -> str:
    """An answer as people read it."""
    if question.kind != QuestionKind.YES_NO:
        return text
    return {YES: _("Yes"), NO: _("No")}.get(text, text)
