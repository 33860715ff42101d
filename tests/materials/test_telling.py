"""Who is told by mail what is there afterwards, when, and how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.jobs import enqueue
from app.materials import recording, telling
from app.materials.enums import Sharing
from app.webinars import reminding
from app.webinars.mail_plan import Reminder, due
from app.webinars.models import Webinar
from tests.factories import make_city
from tests.factories_live import make_chapter, make_material, make_recording
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]
TUESDAY = datetime.fromisoformat("2026-03-24T09:00:00+00:00")
THERE = "The recording is there: Counting together"


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def held(**changes: Any) -> Webinar:
    """A webinar on Tuesday from ten to eleven in Brussels."""
    return make_webinar(
        starts_in=timedelta(0), minutes=60, recording="all", organiser=make_organiser(), **changes
    )


def publish(webinar: Webinar) -> None:
    with write():
        recording.publish(webinar, webinar.organisers[0].user)


def mailed(outbox: Outbox) -> list[tuple[str, str]]:
    return [(str(mail["To"].addresses[0].addr_spec), str(mail["Subject"])) for mail in outbox()]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_thanks_and_missed_say_what_is_there(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    came, missed = make_registration(webinar), make_registration(webinar)
    with write():
        reminding.plan(webinar)
        came.joined_at = utcnow()
    make_material(webinar)
    make_recording(webinar)
    make_chapter(webinar, 90, "How Graz counts")
    clock.move_to(TUESDAY + timedelta(hours=3))
    run_jobs()
    clock.move_to(TUESDAY + timedelta(hours=25))
    run_jobs()

    texts = {str(mail["To"].addresses[0].addr_spec): text_of(mail) for mail in outbox()}
    parts = {
        "survey": f"/webinars/{webinar.id}/feedback?t=",
        "recording": "#recording",
        "materials": "#materials",
        "chapter": "- 1:30 How Graz counts",
    }
    found = {
        row.email: [name for name, part in parts.items() if part in texts[row.email]]
        for row in (came, missed)
    }
    everything = ["recording", "materials", "chapter"]
    assert found == {came.email: ["survey", *everything], missed.email: everything}


def test_nothing_is_promised_that_is_not_there(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    make_registration(webinar)
    make_material(webinar, consented_at=None)
    make_recording(webinar, published_at=None)
    with write():
        reminding.plan(webinar)
    for hours in (3, 25):
        clock.move_to(TUESDAY + timedelta(hours=hours))
        run_jobs()

    text = text_of(outbox()[-1])
    assert [part in text for part in ("#recording", "#materials", "feedback")] == [False] * 3


def test_recording_that_comes_later_is_told_once(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    person = make_registration(webinar)
    make_registration(webinar, wants_reminders=False)
    make_recording(webinar, published_at=None)
    clock.move_to(TUESDAY + timedelta(days=3))
    for _time in range(2):
        publish(webinar)
        run_jobs()
        with write():
            recording.unpublish(webinar, webinar.organisers[0].user)
        clock.shift(timedelta(days=1))
        run_jobs()

    assert mailed(outbox) == [(person.email, THERE)]
    assert "List-Unsubscribe" in outbox()[0]


def test_whoever_is_thanked_later_hears_of_it_then(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    make_registration(webinar)
    make_recording(webinar, published_at=None)
    clock.move_to(TUESDAY + timedelta(hours=3))
    publish(webinar)
    run_jobs()

    assert mailed(outbox) == []


def test_recording_taken_off_at_once_is_told_nobody(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    make_registration(webinar)
    make_recording(webinar, published_at=None)
    clock.move_to(TUESDAY + timedelta(days=3))
    publish(webinar)
    with write():
        recording.unpublish(webinar, webinar.organisers[0].user)
    run_jobs()

    assert mailed(outbox) == []


def test_mail_waits_three_hours_after_another_of_the_webinar(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    clock.move_to(TUESDAY + timedelta(days=3))
    person = make_registration(webinar, last_mailed_at=utcnow() - timedelta(hours=1))
    make_recording(webinar, published_at=None)
    publish(webinar)
    run_jobs()
    early = mailed(outbox)
    clock.shift(timedelta(hours=1, minutes=59))
    run_jobs()
    still_early = mailed(outbox)
    clock.shift(timedelta(minutes=2))
    run_jobs()

    assert (early, still_early, mailed(outbox)) == ([], [], [(person.email, THERE)])


def test_waiting_people_are_not_told_of_what_is_for_others(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    make_registration(webinar, state="waitlisted")
    make_recording(webinar, published_at=None, sharing=Sharing.REGISTERED)
    clock.move_to(TUESDAY + timedelta(days=3))
    publish(webinar)
    run_jobs()

    assert mailed(outbox) == []


def test_a_later_round_begins_where_the_last_one_ended(
    app: Flask, clock: Any, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = held()
    first, second = make_registration(webinar), make_registration(webinar)
    recorded = make_recording(webinar)
    clock.move_to(TUESDAY + timedelta(days=3))
    facts: dict[str, Any] = {"webinar_id": webinar.id, "published_at": telling.moment_of(recorded)}
    with write():
        enqueue("materials.tell_recording", "later", **facts, after_id=first.id)
    run_jobs()

    assert mailed(outbox) == [(second.email, THERE)]


@pytest.mark.parametrize(
    ("country", "ends_at", "thanks_at"),
    [
        ("BE", "2026-04-30T10:00:00+00:00", "2026-05-04T08:00:00+00:00"),  # 1 May is a Friday
        ("DK", "2026-04-30T10:00:00+00:00", "2026-05-01T08:00:00+00:00"),
        ("AT", "2026-12-24T10:00:00+00:00", "2026-12-28T09:00:00+00:00"),
        ("", "2026-12-24T10:00:00+00:00", "2026-12-25T09:00:00+00:00"),
        ("XX", "2026-12-24T10:00:00+00:00", "2026-12-25T09:00:00+00:00"),
    ],
)
def test_nobody_is_thanked_on_a_holiday_at_home(country: str, ends_at: str, thanks_at: str) -> None:
    end = datetime.fromisoformat(ends_at)
    moment = due(Reminder.AFTER, end, "Europe/Brussels", end, country)

    assert moment == datetime.fromisoformat(thanks_at)


def test_city_of_the_seat_says_whose_holidays(app: Flask, clock: Any) -> None:
    city = make_city("Gent", country_code="BE")
    clock.move_to("2026-04-30T07:00:00+00:00")
    webinar = held()
    at_home = make_registration(webinar, city_id=city.id)
    elsewhere = make_registration(webinar)
    clock.move_to("2026-05-01T09:00:00+00:00")

    still = [reminding.is_to_be_thanked(row, webinar) for row in (at_home, elsewhere)]
    assert still == [True, False]
