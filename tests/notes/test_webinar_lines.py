"""The page of a webinar leads those to the notes who write them, or may correct the draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.slugs import slugify
from app.notes import note_takers, reviewing
from app.notes.enums import NotesStatus
from app.notes.models import NoteSet
from app.webinars.enums import RegistrationState
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker

SignIn = Callable[[User], FlaskClient]
REVIEW = "Draft notes are in review until Fri 19 February 2027, 23:59 (Vienna)."
TAKING = "You take notes here."
CONFIRMED, ON_HOLD = RegistrationState.CONFIRMED, RegistrationState.ON_HOLD


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2027-02-12T12:15:00+00:00", tick=False) as traveller:
        yield traveller


def notes_in_review() -> NoteSet:
    notes = make_notes(
        make_organiser(), ("Welcome",), starts_in=timedelta(days=-1), tzid="Europe/Vienna"
    )
    with write():
        notes.status = NotesStatus.IN_REVIEW
        notes.review_until = reviewing.end_of_day(notes.webinar, 7)
    return notes


def address_of(notes: NoteSet) -> str:
    return f"/webinars/{notes.webinar_id}-{slugify(notes.webinar.title)}"


def lines_for(notes: NoteSet, client: FlaskClient) -> list[str]:
    page = client.get(address_of(notes))
    assert page.status_code == 200
    return [line for line in (REVIEW, TAKING) if line in page.text]


def seated(notes: NoteSet, state: RegistrationState = CONFIRMED) -> User:
    person = make_user()
    make_registration(notes.webinar, user=person, email=person.email, state=state)
    return person


def speaking(notes: NoteSet) -> User:
    person = make_user()
    make_speaker(notes.webinar, user_id=person.id)
    return person


def taking_notes(notes: NoteSet) -> User:
    person = seated(notes)
    with write():
        note_takers.name_note_taker(notes.webinar, person, notes.webinar.organisers[0].user)
    return person


def test_each_reads_the_line_that_is_theirs(client: FlaskClient, client_for: SignIn) -> None:
    notes = notes_in_review()
    there, speaker, taker = seated(notes), speaking(notes), taking_notes(notes)
    held, other = seated(notes, ON_HOLD), make_user()
    read = {
        "visitor": lines_for(notes, client),
        **{name: lines_for(notes, client_for(one)) for name, one in
           (("there", there), ("speaks", speaker), ("takes", taker), ("held", held),
            ("other", other), ("there again", there))},
    }  # fmt: skip

    assert read == {
        "visitor": [], "there": [REVIEW], "speaks": [REVIEW], "takes": [TAKING], "held": [],
        "other": [], "there again": [REVIEW],
    }  # fmt: skip


def test_the_line_leads_to_a_page_that_opens(client_for: SignIn) -> None:
    notes = notes_in_review()
    answers = [
        (lines_for(notes, client), client.get(f"/webinars/{notes.webinar_id}/notes").status_code)
        for client in map(client_for, (seated(notes), taking_notes(notes), seated(notes, ON_HOLD)))
    ]

    assert answers == [([REVIEW], 200), ([TAKING], 200), ([], 403)]


def test_the_line_goes_with_the_review(client_for: SignIn, clock: Any) -> None:
    notes = notes_in_review()
    client = client_for(seated(notes))
    before = lines_for(notes, client)
    clock.move_to(utcnow() + timedelta(days=8))
    over = lines_for(notes, client)

    assert (before, over) == ([REVIEW], [])


def test_nobody_is_asked_once_the_summary_is_out(client_for: SignIn) -> None:
    notes = notes_in_review()
    save(note_at(notes, 1), "Said.", notes.webinar.organisers[0].user)
    client = client_for(seated(notes))
    before = lines_for(notes, client)
    publish(notes, notes.webinar.organisers[0].user)

    assert (before, lines_for(notes, client)) == ([REVIEW], [])


def test_a_note_taker_is_told_at_once_and_as_long_as_they_are_one(client_for: SignIn) -> None:
    notes = make_notes(make_organiser(), starts_in=timedelta(days=3))
    person, organiser = make_user(), notes.webinar.organisers[0].user
    client = client_for(person)
    before = lines_for(notes, client)
    with write():
        note_takers.name_note_taker(notes.webinar, person, organiser)
    named = lines_for(notes, client)
    with write():
        note_takers.release_note_taker(notes.webinar, person.id, organiser)

    assert (before, named, lines_for(notes, client)) == ([], [TAKING], [])


def test_a_kept_page_takes_no_statement_more_for_its_lines(
    client_for: SignIn, count_statements: Any
) -> None:
    notes = notes_in_review()
    people = [seated(notes), taking_notes(notes), make_user()]
    clients = [client_for(person) for person in people]
    for client in clients:
        lines_for(notes, client)
    counts, address = [], address_of(notes)
    for client in clients:
        with count_statements() as found:
            client.get(address)
        counts.append(len(found))

    assert counts == [3, 3, 3]
