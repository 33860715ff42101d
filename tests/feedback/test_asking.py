from __future__ import annotations

import pytest
from flask import Flask

from app.core.db import db, write
from app.feedback import asking
from app.feedback.asking import MOST_QUESTIONS, AskedQuestion
from app.feedback.enums import SurveyKind
from app.feedback.errors import AnswersAreIn, TooManyQuestions
from app.feedback.queries import own_questions
from app.webinars.models import Webinar
from tests.factories_feedback import make_own_question, make_past_webinar
from tests.factories_webinars import make_webinar

TEXT = SurveyKind.TEXT


def labels(webinar: Webinar) -> list[str]:
    db.session.rollback()
    return [one.label for one in db.session.scalars(own_questions(webinar.id))]


def test_five_questions_of_ones_own_and_no_more(app: Flask) -> None:
    webinar = make_webinar()
    rows = [AskedQuestion(f"Question {number}?", TEXT) for number in range(MOST_QUESTIONS + 1)]

    with pytest.raises(TooManyQuestions), write():
        asking.replace_questions(webinar, rows)
    with write():
        asking.replace_questions(webinar, rows[1:])

    assert labels(webinar) == [f"Question {number}?" for number in range(1, MOST_QUESTIONS + 1)]


def test_the_same_questions_again_are_no_change_even_when_people_answer(app: Flask) -> None:
    webinar = make_past_webinar()
    kept = make_own_question(webinar, "How was the sound?", TEXT)

    with write():
        asking.replace_questions(webinar, [AskedQuestion("How was the sound?", TEXT, kept)])
    with pytest.raises(AnswersAreIn), write():
        asking.replace_questions(webinar, [])

    assert labels(webinar) == ["How was the sound?"]


def test_the_id_of_another_webinars_question_makes_a_new_one(app: Flask) -> None:
    webinar, other = make_webinar(), make_webinar()
    foreign = make_own_question(other, "Theirs?", TEXT)

    with write():
        asking.replace_questions(webinar, [AskedQuestion("Ours?", TEXT, foreign)])

    assert (labels(webinar), labels(other)) == (["Ours?"], ["Theirs?"])
