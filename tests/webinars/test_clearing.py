from __future__ import annotations

from datetime import timedelta

import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.jobs import perform
from app.webinars.attending import counts_by_state
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.place_models import RegistrationAnswer, RegistrationQuestion
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_speaker, make_webinar


def told(webinar: Webinar) -> Registration:
    """Somebody who answered a question and needs something."""
    registration = make_registration(webinar, access_needs="Sign language.")
    with write() as session:
        question = RegistrationQuestion(webinar_id=webinar.id, position=1, label="Your role?")
        session.add(question)
        session.flush()
        session.add(
            RegistrationAnswer(
                registration_id=registration.id, question_id=question.id, text="Planner"
            )
        )
    return registration


def forget(*, after: timedelta) -> None:
    with time_machine.travel(utcnow() + after), write():
        perform("webinars.forget_answers", {})
    db.session.expire_all()


def test_answers_and_needs_are_kept_for_twelve_months(app: Flask) -> None:
    webinar = make_webinar()
    registration = told(webinar)

    forget(after=timedelta(days=365))

    assert registration.access_needs == "Sign language."
    assert db.session.query(RegistrationAnswer).count() == 1


def test_then_they_are_gone_and_people_are_still_counted(app: Flask) -> None:
    webinar, later = make_webinar(), make_webinar(starts_in=timedelta(days=60))
    registration, newer = told(webinar), told(later)
    make_speaker(webinar, access_needs="A ramp.", phone="+32 2 000 00 00")

    for _ in range(2):
        forget(after=timedelta(days=380))

    assert (registration.access_needs, newer.access_needs) == ("", "Sign language.")
    assert db.session.query(Speaker).one().access_needs == ""
    assert [row.registration_id for row in db.session.query(RegistrationAnswer)] == [newer.id]
    assert counts_by_state(webinar) == {RegistrationState.CONFIRMED: 1}


def test_webinars_without_an_hour_count_from_their_day(app: Flask) -> None:
    webinar = make_webinar(starts_at=None, ends_at=None)
    registration = told(webinar)

    forget(after=timedelta(days=380))

    assert registration.access_needs == ""
