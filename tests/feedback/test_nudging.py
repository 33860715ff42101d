from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.core.jobs import perform
from app.feedback import nudging
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories_feedback import answer
from tests.factories_registrations import mails_to, make_registration, text_of, work
from tests.factories_webinars import make_speaker, make_webinar

TUESDAY = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
NUDGE = datetime.fromisoformat("2026-11-28T09:00:00+00:00")


def past_webinar() -> Webinar:
    """On a Tuesday from nine to ten past ten, UTC."""
    with time_machine.travel(TUESDAY, tick=False):
        return make_webinar(starts_in=timedelta(0), minutes=70)


def came(webinar: Webinar, **changes: object) -> Registration:
    return make_registration(webinar, **({"joined_at": TUESDAY} | changes))


def work_at(*moments: datetime) -> None:
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            with write():
                nudging.plan_rounds()
            work()


def days_later() -> list[datetime]:
    """A worker that looks each half day, up to the end of the survey."""
    return [TUESDAY + timedelta(hours=12 * half) for half in range(1, 32)]


def test_whoever_came_and_did_not_answer_is_asked_once_more(app: Flask) -> None:
    webinar = past_webinar()
    person = came(webinar)

    work_at(*days_later())

    (mail,) = mails_to(person.email)
    assert str(mail["Subject"]) == f"How was it? {webinar.title}"
    link = f"http://localhost/webinars/{webinar.id}/feedback?t={person.token}"
    assert link in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"/registrations/{person.token}" in str(mail["List-Unsubscribe"])
    assert mail["Auto-Submitted"] == "auto-generated"


def test_it_comes_three_days_after_the_thanks_at_ten_there(app: Flask) -> None:
    webinar = past_webinar()
    person = came(webinar)

    work_at(TUESDAY + timedelta(days=3), NUDGE - timedelta(minutes=1))
    assert mails_to(person.email) == []
    work_at(NUDGE)

    assert len(mails_to(person.email)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"joined_at": None},
        {"attended": False},
        {"wants_reminders": False},
        {"state": RegistrationState.CANCELLED},
        {"gave_feedback": True},
    ],
)
def test_others_are_left_in_peace(app: Flask, changes: dict[str, object]) -> None:
    person = came(past_webinar(), **changes)

    work_at(*days_later())

    assert mails_to(person.email) == []


def test_speakers_are_not_asked_what_they_said_themselves(app: Flask) -> None:
    webinar = past_webinar()
    person = came(webinar)
    make_speaker(webinar, email=person.email)

    work_at(*days_later())

    assert [str(mail["Subject"])[:7] for mail in mails_to(person.email)] == []


def test_what_happens_after_the_round_still_counts(app: Flask) -> None:
    """Answered, withdrawn or stopped between the round and the hour of the mail."""
    webinar = past_webinar()
    answered, gone, stopped = came(webinar), came(webinar), came(webinar)
    ended = webinar.ends_at.isoformat() if webinar.ends_at else ""
    with time_machine.travel(NUDGE, tick=False):
        answer(answered, usefulness=5)
        with write():
            db.session.get_one(Registration, gone.id).state = RegistrationState.CANCELLED
            db.session.get_one(Registration, stopped.id).wants_reminders = False
        before = {row.email: len(mails_to(row.email)) for row in (answered, gone, stopped)}
        for row in (answered, gone, stopped):
            with write():
                perform("feedback.nudge", {"registration_id": row.id, "ends_at": ended})

    assert {row.email: len(mails_to(row.email)) for row in (answered, gone, stopped)} == before


@pytest.mark.parametrize(
    ("status", "later"),
    [
        (Status.CANCELLED, timedelta(days=4)),
        (Status.POSTPONED, timedelta(days=4)),
        (Status.PUBLISHED, timedelta(days=14, hours=3)),
    ],
)
def test_not_after_a_cancellation_and_not_once_the_survey_is_closed(
    app: Flask, status: Status, later: timedelta
) -> None:
    webinar = past_webinar()
    person = came(webinar)
    ended = webinar.ends_at.isoformat() if webinar.ends_at else ""
    with write():
        db.session.get_one(Webinar, webinar.id).status = status

    with time_machine.travel(TUESDAY + later, tick=False), write():
        perform("feedback.nudge", {"registration_id": person.id, "ends_at": ended})
        perform("feedback.go_round", {"webinar_id": webinar.id, "ends_at": ended})

    assert mails_to(person.email) == []


def test_a_webinar_that_moved_since_has_a_round_of_its_own(app: Flask) -> None:
    webinar = past_webinar()
    person = came(webinar)
    old = "2026-11-24T08:00:00+00:00"

    with time_machine.travel(NUDGE, tick=False), write():
        perform("feedback.nudge", {"registration_id": person.id, "ends_at": old})

    assert mails_to(person.email) == []


def test_a_round_goes_on_where_it_ended(app: Flask) -> None:
    webinar = past_webinar()
    people = [came(webinar) for _ in range(3)]

    with time_machine.travel(NUDGE, tick=False), write():
        first = nudging.go_round(webinar, 0, at_once=2)
        last = nudging.go_round(webinar, first or 0, at_once=2)
    with time_machine.travel(NUDGE, tick=False):
        work()

    assert (first, last) == (people[1].id, None)
    assert [len(mails_to(row.email)) for row in people] == [1, 1, 1]
