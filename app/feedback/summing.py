"""What the answers to a survey say together. Fewer than five are never shown, not even in part.

While the survey is open the results stand only when the answers are five, ten, fifteen…: seen
with five and again with six they would tell the sixth. Once it is closed all of them count.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _
from app.feedback.asking import OPEN_FOR, closes_at
from app.feedback.enums import SurveyKind
from app.feedback.models import FeedbackAnswer, Survey, SurveyQuestion
from app.feedback.queries import answer_count, own_questions
from app.webinars.models import Webinar
from app.webinars.queries import ended_before

FEWEST = 5
STEP = 5  # percent of the width of a bar
SCALE = range(1, 6)


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    percent: int
    step: int


@dataclass(frozen=True)
class Part:
    """What was said to one question: numbers or texts. `average` is that of a scale."""

    label: str
    count: int
    bars: Sequence[Bar] = ()
    texts: Sequence[str] = ()
    average: float | None = None


@dataclass(frozen=True)
class Results:
    """`parts` are empty as long as nothing is shown; `held_back` names what too few answered."""

    count: int
    is_shown: bool
    next_count: int
    closes_at: datetime | None
    is_closed: bool
    parts: Sequence[Part] = ()
    held_back: Sequence[str] = ()


@dataclass(frozen=True)
class PublicLine:
    average: float
    count: int


def results(webinar: Webinar) -> Results:
    """For organisers, and not a row more than they may see."""
    count, until = answer_count(webinar.id), closes_at(webinar)
    is_closed = until is not None and until <= utcnow()
    is_shown = is_step(count) or (is_closed and count >= FEWEST)
    parts = _parts(webinar) if is_shown else []
    return Results(
        count=count,
        is_shown=is_shown,
        next_count=max(FEWEST, (count // FEWEST + 1) * FEWEST),
        closes_at=until,
        is_closed=is_closed,
        parts=[part for part in parts if part.count >= FEWEST],
        held_back=[part.label for part in parts if part.count < FEWEST],
    )


def is_step(count: int) -> bool:
    return count >= FEWEST and count % FEWEST == 0


def public_line(webinar_id: int) -> PublicLine | None:
    """The one line for everybody: where organisers want it, once the survey is closed.

    One statement; its value says all that a kept page shows of it.
    """
    stars, rated = db.session.execute(_closed_and_public(webinar_id)).one()
    return PublicLine(round((stars or 0) / rated, 1), rated) if rated >= FEWEST else None


def _closed_and_public(webinar_id: int) -> Select[int | None, int]:
    public = select(Survey.webinar_id).where(Survey.is_wanted, Survey.is_line_public)
    return select(
        func.sum(FeedbackAnswer.usefulness).label("stars"),
        func.count(FeedbackAnswer.usefulness).label("rated"),
    ).where(
        FeedbackAnswer.webinar_id == webinar_id,
        FeedbackAnswer.webinar_id.in_(public),
        FeedbackAnswer.webinar_id.in_(ended_before(utcnow() - OPEN_FOR)),
    )


def _parts(webinar: Webinar) -> list[Part]:
    said = db.session.scalars(
        select(FeedbackAnswer).where(FeedbackAnswer.webinar_id == webinar.id)
    ).all()
    own = [
        _own_part(asked, [one.replies.get(str(asked.id)) for one in said])
        for asked in db.session.scalars(own_questions(webinar.id))
    ]
    return [
        _scale(_("How useful was it for your work?"), [one.usefulness for one in said]),
        _yes_no(_("Will you use something of it?"), [one.will_use for one in said]),
        *own,
        _texts(_("What should the organisers know?"), [one.remark for one in said]),
        _texts(_("Which topic should come next?"), [one.topic_wish for one in said]),
    ]


def _own_part(asked: SurveyQuestion, said: Sequence[object]) -> Part:
    if asked.kind == SurveyKind.SCALE:
        return _scale(asked.label, [one if isinstance(one, int) else None for one in said])
    if asked.kind == SurveyKind.YES_NO:
        return _yes_no(asked.label, [one if isinstance(one, bool) else None for one in said])
    return _texts(asked.label, [one if isinstance(one, str) else "" for one in said])


def _scale(label: str, said: Iterable[int | None]) -> Part:
    given = [value for value in said if value is not None]
    bars = [_bar(str(value), given.count(value), len(given)) for value in SCALE]
    average = round(sum(given) / len(given), 1) if given else None
    return Part(label, len(given), bars=bars, average=average)


def _yes_no(label: str, said: Iterable[bool | None]) -> Part:
    given = [value for value in said if value is not None]
    words = [(_("Yes"), given.count(True)), (_("No"), given.count(False))]
    return Part(label, len(given), bars=[_bar(word, count, len(given)) for word, count in words])


def _texts(label: str, said: Iterable[str]) -> Part:
    """In another order at every look."""
    given = [text for text in said if text]
    secrets.SystemRandom().shuffle(given)
    return Part(label, len(given), texts=given)


def _bar(label: str, count: int, whole: int) -> Bar:
    percent = (200 * count + whole) // (2 * whole) if whole else 0
    return Bar(label, count, percent, STEP * round(percent / STEP))
