"""Giving feedback so that nothing in the database ties an answer to a person.

All answers to a webinar are written anew with each new one: in random order, under new random
keys, in the one transaction that also marks the registration. Afterwards no key, no place of a
row and no number of a transaction says which answer is the new one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from app.core.db import db
from app.feedback.asking import may_answer, survey_open
from app.feedback.errors import AnsweredBefore, NoPlace, NothingSaid, SurveyClosed
from app.feedback.models import FeedbackAnswer
from app.webinars import seats
from app.webinars.attending import registration_held
from app.webinars.models import Registration

KEY_BITS = 62
SAID = ("webinar_id", "usefulness", "will_use", "remark", "topic_wish", "replies")


@dataclass(frozen=True)
class Said:
    """One answer as the form has it; `replies` by the id of the organisers' question, as text."""

    usefulness: int | None = None
    will_use: bool | None = None
    remark: str = ""
    topic_wish: str = ""
    replies: Mapping[str, Any] = field(default_factory=dict)


def answer(registration: Registration, said: Said) -> None:
    """Take an answer in. Raise NoPlace, SurveyClosed, AnsweredBefore, NothingSaid.

    The webinar's row is locked: two at the same moment are mixed one after the other.
    """
    webinar = seats.hold(registration.webinar_id)
    person = registration_held(registration.id)
    if not may_answer(person):
        raise NoPlace
    if not survey_open(webinar):
        raise SurveyClosed
    if person.gave_feedback:
        raise AnsweredBefore
    if said == Said():
        raise NothingSaid
    person.gave_feedback = True
    db.session.flush()
    _mix_in(webinar.id, {"webinar_id": webinar.id, **asdict(said)})


def _mix_in(webinar_id: int, fresh: dict[str, Any]) -> None:
    here = FeedbackAnswer.webinar_id == webinar_id
    before = select(*(getattr(FeedbackAnswer, name) for name in SAID)).where(here)
    rows = [dict(zip(SAID, row, strict=True)) for row in db.session.execute(before)]
    rows.append(fresh)
    secrets.SystemRandom().shuffle(rows)
    for row in rows:
        row["id"] = secrets.randbits(KEY_BITS)
    gone = delete(FeedbackAnswer).where(here).execution_options(synchronize_session=False)
    db.session.execute(gone)
    _insert(rows)


def _insert(rows: list[dict[str, Any]]) -> None:
    try:
        db.session.execute(insert(FeedbackAnswer), rows)
    except StatementError as error:
        error.hide_parameters = True  # the log tells of it, with the time and the request
        raise
