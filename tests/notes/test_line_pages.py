"""What the notes page tells of records that lines made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.i18n import LANGUAGES
from app.notes.contents import actions_of, decisions_of
from app.notes.lines import LineKind, lines_of
from app.notes.models import NoteSet
from app.notes.reading import record_words
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def browser(organiser: User, client_for: SignIn) -> FlaskClient:
    return client_for(organiser)


def edit_url(note_set: NoteSet, position: int = 1) -> str:
    return f"/webinars/{note_set.webinar_id}/notes/{note_at(note_set, position).id}/edit"


def saved(browser: FlaskClient, note_set: NoteSet, sent: dict[str, object]) -> str:
    assert browser.post(edit_url(note_set), data=sent).status_code == 302
    return browser.get(f"/webinars/{note_set.webinar_id}/notes").text


def test_saving_tells_what_was_recorded(browser: FlaskClient, organiser: User) -> None:
    note_set, year = make_notes(organiser), utcnow().year
    sent = {"body": "Decision: go\nAction: send it", "base_revision": 0}

    page = saved(browser, note_set, sent)

    assert f"Saved. Recorded: D-{year}-001, A-{year}-001." in page


def test_script_is_told_too(browser: FlaskClient, organiser: User) -> None:
    note_set, year = make_notes(organiser), utcnow().year
    sent = {"body": "Action: send it", "base_revision": 0}

    answer = browser.post(edit_url(note_set), data=sent, headers={"Accept": "application/json"})

    assert answer.json["said"] == f"Saved. Recorded: A-{year}-001."


def test_text_without_lines_records_nothing(browser: FlaskClient, organiser: User) -> None:
    page = saved(browser, make_notes(organiser), {"body": "We met.", "base_revision": 0})

    assert "Saved." in page
    assert "Recorded" not in page


def test_cards_say_from_which_section_they_come(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser, items=("Housing <first>",))
    save(note_at(note_set, 1), "Decision: go\nAction: send it", organiser)

    page = browser.get(f"/webinars/{note_set.webinar_id}/notes").text

    place = (
        f'From the text of <a href="#note-1" lang="{note_set.language}">Housing &lt;first&gt;</a>'
    )
    assert page.count(place) == 2


@pytest.mark.parametrize("kind", ["decisions", "actions"])
def test_form_says_what_wins(kind: str, browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    save(note_at(note_set, 1), "Decision: go <b>\nAction: go <b>", organiser)
    records = {"decisions": decisions_of(note_set), "actions": actions_of(note_set)}[kind]

    page = browser.get(f"/webinars/{note_set.webinar_id}/{kind}/{records[0].id}/edit").text

    line = records[0].line.replace("<b>", "&lt;b&gt;")
    assert f"It comes from this line of the notes: “{line}”. What you change" in page


def test_what_a_form_changed_outlives_the_next_save(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    save(note_at(note_set, 1), "Action: send it", organiser)
    [action] = actions_of(note_set)
    sent = {"text": "Send all of it", "owner": "", "owner_label": "us", "due_on": "2027-05-12"}
    sent |= {"note": str(action.note_id), "lock_version": str(action.lock_version)}
    address = f"/webinars/{note_set.webinar_id}/actions/{action.id}/edit"
    assert browser.post(address, data=sent).status_code == 302

    browser.post(edit_url(note_set), data={"body": "Action: send it\n\nBye", "base_revision": 1})

    [action] = actions_of(note_set)
    assert (action.text, action.owner_label, action.due_on) == (
        "Send all of it",
        "us",
        date(2027, 5, 12),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_key_make_records(language: str, organiser: User) -> None:
    words = record_words(make_notes(organiser, language=language))

    lines = lines_of(f"{words.decision}: go\n{words.action}: go", date(2027, 1, 1))

    assert [line.kind for line in lines] == [LineKind.DECISION, LineKind.ACTION]
