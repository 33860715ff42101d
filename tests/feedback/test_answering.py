from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.feedback import answering, asking
from app.feedback.answering import Said
from app.feedback.asking import SurveyPhase, survey_open, survey_phase
from app.feedback.errors import AnsweredBefore, NoPlace, NothingSaid, SurveyClosed
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories_feedback import answer, answers_at, make_past_webinar
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar
from tests.hostile.seat_rush import at_once


def test_an_answer_is_kept_and_the_person_marked(app: Flask) -> None:
    webinar = make_past_webinar()
    person = make_registration(webinar)

    answer(person, usefulness=4, will_use=True, remark="More maps", replies={"7": 3})

    (kept,) = answers_at(webinar)
    assert (kept.usefulness, kept.will_use, kept.remark, kept.topic_wish, kept.replies) == (
        4, True, "More maps", "", {"7": 3},
    )  # fmt: skip
    assert db.session.get_one(Registration, person.id).gave_feedback


def test_nobody_answers_twice(app: Flask) -> None:
    webinar = make_past_webinar()
    person = make_registration(webinar)
    answer(person, usefulness=4)

    with pytest.raises(AnsweredBefore):
        answer(person, usefulness=1)

    assert [one.usefulness for one in answers_at(webinar)] == [4]


def test_an_answer_without_a_word_is_none(app: Flask) -> None:
    person = make_registration(make_past_webinar())

    with pytest.raises(NothingSaid):
        answer(person)

    assert not db.session.get_one(Registration, person.id).gave_feedback


@pytest.mark.parametrize(
    "state", [one for one in RegistrationState if one != RegistrationState.CONFIRMED]
)
def test_who_has_no_place_is_not_asked(app: Flask, state: RegistrationState) -> None:
    person = make_registration(make_past_webinar(), state=state)

    with pytest.raises(NoPlace):
        answer(person, usefulness=5)


@pytest.mark.parametrize(
    ("starts_in", "changes", "phase"),
    [
        (timedelta(hours=1), {}, SurveyPhase.EARLY),
        (timedelta(minutes=-30), {}, SurveyPhase.EARLY),
        (timedelta(minutes=-30), {"ended_at": utcnow() - timedelta(minutes=1)}, SurveyPhase.OPEN),
        (timedelta(hours=-2), {}, SurveyPhase.OPEN),
        (timedelta(days=-14), {}, SurveyPhase.OPEN),
        (timedelta(days=-14, hours=-2), {}, SurveyPhase.CLOSED),
        (timedelta(hours=-2), {"status": Status.CANCELLED}, SurveyPhase.NONE),
        (timedelta(hours=-2), {"status": Status.POSTPONED}, SurveyPhase.NONE),
        (timedelta(hours=-2), {"ends_at": None}, SurveyPhase.NONE),
    ],
)
def test_the_survey_is_open_from_the_end_for_fourteen_days(
    app: Flask, starts_in: timedelta, changes: dict[str, Any], phase: SurveyPhase
) -> None:
    webinar = make_webinar(starts_in=starts_in, **changes)

    assert survey_phase(webinar) == phase
    assert survey_open(webinar) == (phase is SurveyPhase.OPEN)


@pytest.mark.parametrize("hours", [0, 24 * 14 + 4])
def test_too_early_and_too_late_do_not_count(app: Flask, hours: int) -> None:
    webinar = make_webinar(starts_in=timedelta(hours=2), minutes=60)
    person = make_registration(webinar)

    with time_machine.travel(utcnow() + timedelta(hours=hours)), pytest.raises(SurveyClosed):
        answer(person, usefulness=5)

    assert answers_at(webinar) == []


def test_an_unwanted_survey_takes_no_answer(app: Flask) -> None:
    webinar, organiser = make_past_webinar(), make_organiser()
    with write():
        asking.save_survey(webinar, is_wanted=False, is_line_public=False, actor=organiser)

    with pytest.raises(SurveyClosed):
        answer(make_registration(webinar), usefulness=5)


def test_twenty_at_once_are_twenty_answers_and_twenty_marks(app: Flask) -> None:
    webinar = make_past_webinar()
    people = [make_registration(webinar).id for _ in range(20)]

    def person(number: int) -> Callable[[], None]:
        def act() -> None:
            mine = db.session.get_one(Registration, people[number])
            with write():
                answering.answer(mine, Said(remark=str(number)))

        return act

    at_once(app, [person(number) for number in range(20)])

    assert sorted(int(one.remark) for one in answers_at(webinar)) == list(range(20))
    marked = db.session.query(Registration).filter_by(webinar_id=webinar.id, gave_feedback=True)
    assert marked.count() == 20


def test_one_person_sending_ten_times_at_once_counts_once(app: Flask) -> None:
    webinar = make_past_webinar()
    person_id = make_registration(webinar).id
    refused = []

    def act() -> None:
        mine = db.session.get_one(Registration, person_id)
        try:
            with write():
                answering.answer(mine, Said(usefulness=5))
        except AnsweredBefore as error:
            refused.append(error)

    at_once(app, [act] * 10)

    assert len(answers_at(webinar)) == 1
    assert len(refused) == 9


def test_a_webinar_that_goes_takes_its_answers_along(app: Flask) -> None:
    webinar = make_past_webinar()
    answer(make_registration(webinar), usefulness=5)

    with write() as session:
        session.delete(session.get_one(Webinar, webinar.id))

    assert answers_at(webinar) == []
