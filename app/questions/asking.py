"""Asking before and during a webinar, and taking a question back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app.core.clock import utcnow
from app.core.db import db
from app.core.rate_limit import HOUR, MINUTE, Allowance, spend
from app.live.attendees import Attendee
from app.live.revisions import renew
from app.questions import voting
from app.questions.desk import hold_all, hold_desk, put_away, take_out
from app.questions.enums import QuestionState, Source
from app.questions.errors import (
    AnsweredAlready,
    AskedAlready,
    AskedByOthers,
    NotOpen,
    QuestionsClosed,
    TooManyQuestions,
)
from app.questions.models import Question
from app.questions.permissions import takes_questions
from app.questions.queries import SHOWN, asked_by, has_text
from app.webinars.participants import person_of

MOST = 10
LONGEST = 1000
SAME_AGAIN = timedelta(seconds=60)
QUESTIONS = (Allowance(5, MINUTE), Allowance(30, HOUR))
TAKEN_BACK = {QuestionState.WAITING, QuestionState.OPEN}


@dataclass(frozen=True)
class NewQuestion:
    """What a form sent. `asks_anyway`: the person saw the question that says the same."""

    body: str
    language: str
    is_unnamed: bool = False
    agenda_item_id: int | None = None
    source: Source = Source.PAGE
    asks_anyway: bool = False


def ask(attendee: Attendee, new: NewQuestion) -> Question:
    """Raise QuestionsClosed, TooManyQuestions, AskedAlready, AskedByOthers, AllowanceSpent."""
    webinar = attendee.webinar
    desk = hold_desk(webinar.id)
    if not takes_questions(webinar, desk, utcnow()):
        raise QuestionsClosed
    _check(attendee, new)
    spend("question", voting.who(attendee), *QUESTIONS)
    question = add_question(attendee, new, is_moderated=desk.is_moderated)
    renew(webinar.id)
    return question


def add_question(
    attendee: Attendee, new: NewQuestion, *, is_moderated: bool, post_id: int | None = None
) -> Question:
    """The row with its asker's own vote. What an organiser or speaker asks needs no permit."""
    waits = is_moderated and not attendee.is_host
    registration = attendee.registration
    question = Question(
        webinar_id=attendee.webinar.id,
        asker_id=attendee.user_id,
        registration_id=registration.id if registration else None,
        city_id=_city_of(attendee),
        is_unnamed=new.is_unnamed,
        body=new.body[:LONGEST],
        language=new.language,
        state=QuestionState.WAITING if waits else QuestionState.OPEN,
        source=new.source,
        agenda_item_id=_known_item(attendee, new.agenda_item_id),
        asked_at=utcnow(),
        post_id=post_id,
        votes=0,
    )
    db.session.add(question)
    db.session.flush()
    voting.add_vote(question, attendee)
    voting.recount(question)
    return question


def withdraw(question: Question) -> None:
    """By its asker, while it has no answer. Raise AnsweredAlready, NotOpen."""
    hold_desk(question.webinar_id)
    (held,) = hold_all(question.id)
    if held.state is QuestionState.ANSWERED or held.answer:
        raise AnsweredAlready
    if held.state not in TAKEN_BACK:
        raise NotOpen
    _part(held)
    put_away(held, QuestionState.WITHDRAWN)
    _end_change(held)


def bring_back(question: Question) -> None:
    """Undo that. Raise NotOpen."""
    hold_desk(question.webinar_id)
    (held,) = hold_all(question.id)
    if held.state is not QuestionState.WITHDRAWN:
        raise NotOpen
    take_out(held)
    _end_change(held)


def asked_count(attendee: Attendee) -> int:
    """What was taken back does not count."""
    mine = select(func.count()).where(_theirs(attendee), Question.state != QuestionState.WITHDRAWN)
    return db.session.scalar(mine) or 0


def same_words(text: str) -> str:
    """As two questions are compared: letters and digits alone, without case or accents' forms."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _check(attendee: Attendee, new: NewQuestion) -> None:
    said = same_words(new.body)
    since = utcnow() - SAME_AGAIN
    recent = select(Question.body).where(_theirs(attendee), Question.asked_at > since)
    if any(same_words(body) == said for body in db.session.scalars(recent)):
        raise AskedAlready
    if asked_count(attendee) >= MOST:
        raise TooManyQuestions
    if not new.asks_anyway and (found := _same_of_others(attendee, said)):
        raise AskedByOthers(found)


def _same_of_others(attendee: Attendee, said: str) -> int | None:
    shown = (Question.webinar_id == attendee.webinar.id, Question.state.in_(SHOWN), has_text())
    rows = db.session.execute(select(Question.id, Question.body).where(*shown))
    return next((row.id for row in rows if same_words(row.body) == said), None)


def _theirs(attendee: Attendee) -> ColumnElement[bool]:
    return (Question.webinar_id == attendee.webinar.id) & or_(asked_by(attendee))


def _city_of(attendee: Attendee) -> int | None:
    registration = attendee.registration
    if registration is not None and registration.city_id is not None:
        return registration.city_id
    return person_of(attendee.user, "en").city_id if attendee.user else None


def _known_item(attendee: Attendee, item_id: int | None) -> int | None:
    """An item that was taken out of the programme meanwhile is none."""
    return item_id if item_id in {item.id for item in attendee.webinar.agenda} else None


def _part(held: Question) -> None:
    """What others asked was merged into it: that stands by itself again."""
    merged = select(Question).where(Question.merged_into_id == held.id)
    for other in db.session.scalars(merged.order_by(Question.id)).all():
        take_out(other)
        other.merged_into_id = None
    voting.gather(held)


def _end_change(question: Question) -> None:
    question.lock_version += 1
    db.session.flush()
    renew(question.webinar_id)
