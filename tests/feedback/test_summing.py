from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import write
from app.core.i18n import speaking
from app.feedback import asking
from app.feedback.counting import feedback_by_webinar
from app.feedback.enums import SurveyKind
from app.feedback.exporting import write_results
from app.feedback.summing import Results, public_line, results
from app.webinars.models import Webinar
from tests.factories_feedback import answers_by, make_own_question, make_past_webinar
from tests.factories_webinars import make_organiser

CLOSED = timedelta(days=14)


def results_in_english(webinar: Webinar) -> Results:
    with speaking("en"):
        return results(webinar)


@pytest.mark.parametrize(
    ("count", "is_shown", "next_count"),
    [(0, False, 5), (4, False, 5), (5, True, 10), (6, False, 10), (9, False, 10), (10, True, 15)],
)
def test_results_stand_at_five_ten_fifteen_while_the_survey_is_open(
    app: Flask, count: int, is_shown: bool, next_count: int
) -> None:
    webinar = make_past_webinar()
    answers_by(webinar, [{"usefulness": 4, "remark": "More time"}] * count)

    found = results_in_english(webinar)

    assert (found.count, found.is_shown, found.next_count) == (count, is_shown, next_count)
    assert bool(found.parts) == is_shown


@pytest.mark.parametrize(("count", "is_shown"), [(4, False), (5, True), (6, True)])
def test_all_answers_count_once_it_is_closed_and_never_fewer_than_five(
    app: Flask, count: int, is_shown: bool
) -> None:
    webinar = make_past_webinar()
    answers_by(webinar, [{"usefulness": 4}] * count)

    with time_machine.travel(utcnow() + CLOSED):
        found = results_in_english(webinar)

    assert (found.is_closed, found.is_shown) == (True, is_shown)
    assert [part.count for part in found.parts] == ([count] if is_shown else [])
    assert len(found.held_back) == (3 if is_shown else 0)


def test_numbers_are_those_that_were_said(app: Flask) -> None:
    webinar = make_past_webinar()
    said = [{"usefulness": value, "will_use": value > 2} for value in (5, 5, 4, 3, 1)]
    answers_by(webinar, said)

    useful, will_use = results_in_english(webinar).parts

    assert useful.average == 3.6
    assert [(bar.label, bar.count, bar.percent) for bar in useful.bars] == [
        ("1", 1, 20), ("2", 0, 0), ("3", 1, 20), ("4", 1, 20), ("5", 2, 40),
    ]  # fmt: skip
    assert [(bar.label, bar.count, bar.step) for bar in will_use.bars] == [
        ("Yes", 4, 80),
        ("No", 1, 20),
    ]


def test_a_question_that_fewer_than_five_answered_is_not_shown(app: Flask) -> None:
    webinar = make_past_webinar()
    five = make_own_question(webinar, "Was the hour right?", SurveyKind.YES_NO)
    four = make_own_question(webinar, "How was the sound?", SurveyKind.SCALE, position=2)
    texts = make_own_question(webinar, "What was missing?", SurveyKind.TEXT, position=3)
    answers_by(
        webinar,
        [
            {
                "usefulness": 3,
                "remark": "Short" if number < 4 else "",
                "replies": {str(five): True, str(texts): "Slides"}
                | ({str(four): 2} if number < 4 else {}),
            }
            for number in range(5)
        ],
    )

    found = results_in_english(webinar)

    assert [part.label for part in found.parts] == [
        "How useful was it for your work?",
        "Was the hour right?",
        "What was missing?",
    ]
    assert found.held_back == [
        "Will you use something of it?",
        "How was the sound?",
        "What should the organisers know?",
        "Which topic should come next?",
    ]
    assert found.parts[2].texts == ["Slides"] * 5


def test_texts_stand_in_another_order_at_every_look(app: Flask) -> None:
    webinar = make_past_webinar()
    answers_by(webinar, [{"remark": str(number)} for number in range(15)])

    looks = [tuple(results_in_english(webinar).parts[0].texts) for _ in range(5)]

    assert len(set(looks)) > 1
    assert {tuple(sorted(look, key=int)) for look in looks} == {tuple(map(str, range(15)))}


def test_the_table_says_what_the_page_says_and_runs_no_formula(app: Flask) -> None:
    webinar = make_past_webinar()
    said = [{"usefulness": 2, "remark": '=HYPERLINK("x")'}] * 5
    answers_by(webinar, said)
    target = StringIO(newline="")

    with speaking("en"):
        write_results(target, results(webinar))

    lines = list(csv.reader(StringIO(target.getvalue().removeprefix("\ufeff"), newline="")))
    assert lines[0] == ["Question", "Answer", "How many"]
    assert lines[2] == ["How useful was it for your work?", "2", "5"]
    assert lines[6:] == [["What should the organisers know?", '\'=HYPERLINK("x")', "1"]] * 5


def test_the_line_is_public_when_wanted_closed_and_from_five_on(app: Flask) -> None:
    webinar, organiser = make_past_webinar(), make_organiser()
    answers_by(webinar, [{"usefulness": value} for value in (5, 5, 4, 4)] + [{"will_use": True}])
    later = utcnow() + CLOSED

    def line(*, is_public: bool) -> object:
        with write():
            asking.save_survey(webinar, is_wanted=True, is_line_public=is_public, actor=organiser)
        with time_machine.travel(later):
            found = public_line(webinar.id)
        return (found.average, found.count) if found else None

    assert line(is_public=True) is None  # four said how useful it was
    answers_by(webinar, [{"usefulness": 4}])
    assert line(is_public=False) is None
    assert line(is_public=True) == (4.4, 5)
    assert public_line(webinar.id) is None  # the survey is still open


def test_figures_of_many_webinars_keep_the_same_rule(app: Flask) -> None:
    six, five, four = (make_past_webinar() for _ in range(3))
    for webinar, count in ((six, 6), (five, 5), (four, 4)):
        answers_by(webinar, [{"usefulness": 4}] * count)
    ids = [six.id, five.id, four.id]

    now = [(row.webinar_id, row.answers) for row in feedback_by_webinar(ids)]
    with time_machine.travel(utcnow() + CLOSED):
        closed = {row.webinar_id: (row.answers, row.stars) for row in feedback_by_webinar(ids)}

    assert now == [(five.id, 5)]
    assert closed == {six.id: (6, 24), five.id: (5, 20)}
