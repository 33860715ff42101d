"""A person's own page leads to the notes of the webinar once they can be read."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient

from app.core.db import write
from app.notes.models import NoteSet
from app.notes.reviewing import open_review
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser, make_registration

REVIEW, SUMMARY = "Read the draft of the notes", "What came out, on one page"


def held(**changes: object) -> tuple[NoteSet, Registration]:
    organiser = make_organiser()
    notes = make_notes(organiser, starts_in=timedelta(days=-3))
    save(note_at(notes, 1), "Written.", organiser)
    return notes, make_registration(notes.webinar, **changes)


def own_page(client: FlaskClient, place: Registration) -> str:
    return client.get(f"/registrations/{place.token}").text


def test_a_draft_is_not_spoken_of(client: FlaskClient) -> None:
    _, place = held()

    page = own_page(client, place)

    assert "This webinar is over." in page
    assert (REVIEW in page, SUMMARY in page) == (False, False)


def test_a_review_is_one_press_away(client: FlaskClient) -> None:
    notes, place = held()
    with write():
        open_review(notes, 7, notes.webinar.organisers[0].user)

    page = own_page(client, place)

    assert f'href="/registrations/{place.token}/review"' in page
    assert (REVIEW in page, SUMMARY in page) == (True, False)
    assert client.get(f"/registrations/{place.token}/review").status_code == 200


def test_a_summary_is_one_press_away(client: FlaskClient) -> None:
    notes, place = held()
    publish(notes, notes.webinar.organisers[0].user)

    page = own_page(client, place)

    assert f'href="/registrations/{place.token}/summary"' in page
    assert (REVIEW in page, SUMMARY in page) == (False, True)


def test_without_a_seat_nothing_leads_there(client: FlaskClient) -> None:
    notes, place = held(state=RegistrationState.CANCELLED)
    with write():
        open_review(notes, 7, notes.webinar.organisers[0].user)

    assert REVIEW not in own_page(client, place)
