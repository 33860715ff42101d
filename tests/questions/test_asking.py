"""What asking allows when two ask at once, and what is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.errors import DomainError
from app.live.attendees import attendee_of
from app.questions import asking
from app.questions.asking import NewQuestion, same_words
from app.questions.errors import TooManyQuestions
from app.questions.forgetting import forget_people
from app.questions.models import Question, QuestionVote
from app.questions.recounting import differences
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_live import make_question, vote_for
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar
from tests.hostile.seat_rush import at_once

pytestmark = pytest.mark.usefixtures("app")


def test_one_place_is_left_for_two_questions_at_once(app: Flask) -> None:
    webinar, person = make_webinar(), make_user()
    for number in range(asking.MOST - 1):
        make_question(webinar, person, body=f"Question {number}")
    webinar_id, person_id, refused = webinar.id, person.id, []

    def act(words: str) -> None:
        try:
            with write() as session:
                here = session.get_one(Webinar, webinar_id)
                attendee = attendee_of(here, session.get_one(User, person_id), "")
                asking.ask(attendee, NewQuestion(words, "en"))
        except DomainError as error:
            refused.append(type(error))

    at_once(app, [lambda words=words: act(words) for words in ("One", "Two")])  # type: ignore[misc]

    assert refused == [TooManyQuestions]
    assert db.session.query(Question).count() == asking.MOST


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Who pays?", "  who PAYS ", True),
        ("Wer zahlt für Übersetzung?", "wer zahlt für übersetzung", True),
        ("Ποιος πληρώνει;", "ΠΟΙΟΣ ΠΛΗΡΏΝΕΙ", True),
        ("Who pays?", "Who pays you?", False),
    ],
)
def test_same_words(one: str, other: str, is_same: bool) -> None:
    assert (same_words(one) == same_words(other)) is is_same


def test_same_again_is_allowed_after_a_minute() -> None:
    webinar, person = make_webinar(), make_user()
    make_question(webinar, person, body="Who pays?")

    with time_machine.travel(utcnow() + timedelta(seconds=61)), write():
        attendee = attendee_of(db.session.get_one(Webinar, webinar.id), person, "")
        asking.ask(attendee, NewQuestion("Who pays?", "en", asks_anyway=True))

    assert db.session.query(Question).count() == 2


def test_people_are_forgotten_after_a_year_and_numbers_stay() -> None:
    old, fresh = make_webinar(starts_in=-timedelta(days=400)), make_webinar()
    for webinar in (old, fresh):
        question = make_question(webinar, registration=make_registration(webinar))
        vote_for(question, make_user())

    with write():
        forget_people(utcnow())

    kept = {row.webinar_id: row for row in db.session.query(Question)}
    assert (kept[old.id].registration_id, kept[old.id].votes) == (None, 1)
    assert kept[fresh.id].registration_id is not None
    assert differences() == []
    assert db.session.query(QuestionVote).count() == 1
