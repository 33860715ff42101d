"""Catching up on one page: who is told of a summary, of what, and who says that it was read."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, writing
from app.notes.deciding import Owner
from app.notes.models import NoteSet
from app.questions.models import Question
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration
from tests.factories import make_city
from tests.factories_live import make_chapter, make_material, make_recording
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser

RunJobs = Callable[..., int]
Outbox = Callable[[], list[EmailMessage]]
PAST = {"starts_in": timedelta(days=-2), "recording": "all"}


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    notes = make_notes(organiser, ("Welcome", "Hardest partner"), **PAST)
    for position in (1, 2):
        save(note_at(notes, position), "Everybody met.", organiser)
    with write():
        writing.describe(note_at(notes, 2), is_for_practitioners=True, is_treated=True)
    return notes


def decide_and_promise(note_set: NoteSet, owner: Owner) -> None:
    closed = note_at(note_set, 2)
    with write():
        for number in range(4):
            deciding.decide(note_set, f"Decision {number}")
        deciding.decide(note_set, "Decision for practitioners", closed)
        deciding.promise(note_set, "Send the figures", owner, utcnow().date())
        deciding.promise(note_set, "Somebody else's", Owner(label="Office"), utcnow().date())
        deciding.promise(note_set, "A closed promise", owner, utcnow().date(), closed)


def ask(note_set: NoteSet) -> None:
    with write() as session:
        session.add_all(
            Question(
                webinar_id=note_set.webinar_id, body=f"Question {n}?", language="en",
                votes=n, asked_at=utcnow(),
            )
            for n in range(7)
        )  # fmt: skip


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def told(outbox: Outbox) -> dict[str, str]:
    return {str(mail["To"].addresses[0].addr_spec): str(mail["Subject"]) for mail in outbox()}


def test_mail_says_on_one_page_what_came_out(
    note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    city = make_city("Gent", country_code="BE")
    decide_and_promise(note_set, Owner(city=city))
    ask(note_set)
    make_recording(note_set.webinar)
    make_chapter(note_set.webinar, 90, "How Graz counts")
    make_material(note_set.webinar, "The slides of Graz")
    make_registration(note_set.webinar, city_id=city.id)
    publish(note_set, organiser)
    run_jobs()

    text = text_of(outbox()[-1])
    wanted = [
        "Decision 0", "Decision 2", "Send the figures", "Question 6?", "Question 2?",
        "1:30 How Graz counts", "The slides of Graz",
    ]  # fmt: skip
    unwanted = ["Decision 3", "practitioners", "Somebody else's", "closed promise", "Question 1?"]
    assert [word for word in wanted if word not in text] == []
    assert [word for word in unwanted if word in text] == []
    assert "List-Unsubscribe" in outbox()[-1]


def test_days_are_written_as_the_reader_writes_them(
    note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    city = make_city("Gent", country_code="BE")
    with write():
        deciding.promise(note_set, "Send the figures", Owner(city=city), date(2030, 3, 1))
    make_registration(note_set.webinar, city_id=city.id, language="nl")
    publish(note_set, organiser)
    run_jobs()

    assert ": Send the figures (1 maart 2030)\r\n" in text_of(outbox()[-1])


def test_whoever_had_a_place_is_told_once(
    note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    webinar = note_set.webinar
    came = make_registration(webinar, joined_at=utcnow())
    missed = make_registration(webinar, joined_at=utcnow(), attended=False)
    make_registration(webinar, wants_reminders=False)
    make_registration(webinar, state=RegistrationState.WAITLISTED)
    make_registration(webinar, state=RegistrationState.CANCELLED)
    publish(note_set, organiser)
    run_jobs()
    first = told(outbox)
    publish(note_set, organiser, "Corrected")
    run_jobs()

    assert first == {
        came.email: "The summary is there: Counting together",
        missed.email: "What you missed: Counting together",
    }
    assert len(outbox()) == 2


def test_mail_waits_after_another_of_the_webinar(
    note_set: NoteSet, organiser: User, run_jobs: RunJobs, outbox: Outbox
) -> None:
    with time_machine.travel(utcnow(), tick=False) as clock:
        make_registration(note_set.webinar, last_mailed_at=utcnow() - timedelta(hours=2))
        publish(note_set, organiser)
        run_jobs()
        early = len(outbox())
        clock.shift(timedelta(hours=1, seconds=1))
        run_jobs()

        assert (early, len(outbox())) == (0, 1)


@pytest.mark.parametrize("attribution", list(Attribution))
def test_nobody_is_named(
    note_set: NoteSet, organiser: User, client: FlaskClient, attribution: Attribution
) -> None:
    asker = make_registration(note_set.webinar, name="Asker of questions", is_listed=True)
    with write() as session:
        note_set.webinar.attribution = attribution
        session.add(
            Question(
                webinar_id=note_set.webinar_id, body="Who counts?", language="en",
                asked_at=utcnow(), registration_id=asker.id,
            )
        )  # fmt: skip
    reader = make_registration(note_set.webinar)
    publish(note_set, organiser)
    page = client.get(f"/registrations/{reader.token}/summary").text

    assert ("Who counts?" in page, "Asker of questions" in page) == (True, False)


def test_page_is_read_and_said_to_be(
    note_set: NoteSet, organiser: User, client: FlaskClient
) -> None:
    with write():
        note_set.webinar.visibility = Visibility.NETWORK
    row = make_registration(note_set.webinar)
    publish(note_set, organiser)
    path = f"/registrations/{row.token}/summary"
    pages = [client.get(path) for _time in range(2)]
    head = client.head(path)
    before = opened(row)
    answers = [client.post(path).status_code for _time in range(2)]
    after = client.get(path).text

    assert [page.status_code for page in (*pages, head)] == [200] * 3
    assert pages[0].headers["Cache-Control"] == "no-store"
    assert (before, answers, opened(row)) == (False, [302, 302], True)
    assert ("I have read it" in pages[0].text, "I have read it" in after) == (True, False)
    found = re.search(r'href="http://localhost(/webinars/\d+/summary\?key=[^"]+)"', after)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    assert client.get(f"/webinars/{row.webinar_id}/summary").status_code == 404


def opened(row: Registration) -> bool:
    db.session.rollback()
    return row.opened_summary


@pytest.mark.parametrize(
    ("state", "is_published", "status"),
    [
        (RegistrationState.CONFIRMED, True, 200),
        (RegistrationState.CONFIRMED, False, 404),
        (RegistrationState.WAITLISTED, True, 404),
        (RegistrationState.CANCELLED, True, 404),
    ],
)
def test_page_is_for_those_who_had_a_place(
    note_set: NoteSet,
    organiser: User,
    client: FlaskClient,
    state: RegistrationState,
    is_published: bool,
    status: int,
) -> None:
    row = make_registration(note_set.webinar, state=state)
    if is_published:
        publish(note_set, organiser)
    path = f"/registrations/{row.token}/summary"

    assert client.get(path).status_code == status
    assert client.post(path).status_code == (302 if status == 200 else 404)
    for odd in ("x" * 20, "%00" * 20, "'", "x" * 10_000):
        assert client.get(f"/registrations/{odd}/summary").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_few_statements(
    note_set: NoteSet, organiser: User, client: FlaskClient, count_statements: Any, count: int
) -> None:
    with write():
        for number in range(count):
            deciding.decide(note_set, f"Decision {number}")
    for number in range(count):
        make_material(note_set.webinar, f"Paper {number}")
    path = f"/registrations/{make_registration(note_set.webinar).token}/summary"
    publish(note_set, organiser)
    with count_statements() as statements:
        client.get(path)

    assert len(statements) == 9
