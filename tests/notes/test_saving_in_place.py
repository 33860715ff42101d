"""A section saved by the script of its page, after the session ended, with an old token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.drafting import save_draft
from app.accounts.models import User
from app.core.db import db, write
from app.core.i18n import LANGUAGES
from app.notes.contents import revisions_of
from app.notes.lines import LineKind, lines_of
from app.notes.models import Note, NoteSet
from app.notes.reading import record_words
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_agenda_item, make_organiser

SignIn = Callable[[User], FlaskClient]
JSON = {"Accept": "application/json"}


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def browser(organiser: User, client_for: SignIn) -> FlaskClient:
    return client_for(organiser)


@pytest.fixture
def with_tokens(app: Flask) -> Iterator[None]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def section_url(note: Note) -> str:
    return f"/webinars/{note.note_set.webinar_id}/notes/{note.id}"


def told(answer: TestResponse) -> dict[str, Any]:
    """What the script reads."""
    assert isinstance(answer.json, dict)
    return answer.json


def bodies(note: Note) -> list[str]:
    db.session.rollback()
    return [revision.body for revision in revisions_of(note)]


def test_the_script_is_told_the_newest_text(browser: FlaskClient, organiser: User) -> None:
    note = note_at(make_notes(organiser), 1)
    other = make_user("Policy adviser, Graz")
    address = f"{section_url(note)}/edit"

    first = browser.post(address, data={"body": "a\n\nb", "base_revision": "0"}, headers=JSON)
    save(note, "A\n\nb", other, base=1)
    joined = browser.post(address, data={"body": "a\n\nB", "base_revision": "1"}, headers=JSON)

    assert first.json == {"head": 1, "body": "a\n\nb", "merged": False, "said": "Saved."}
    assert (told(joined)["body"], told(joined)["merged"]) == ("A\n\nB", True)
    assert told(joined)["said"] == "Saved, and joined with the changes of Policy adviser, Graz."
    assert "Saved." not in browser.get(f"/webinars/{note.note_set.webinar_id}/notes").text


def test_the_script_is_led_to_the_choice_between_two_texts(
    browser: FlaskClient, organiser: User
) -> None:
    note = note_at(make_notes(organiser), 1)
    save(note, "a", organiser)
    save(note, "theirs", make_user(), base=1)
    data = {"body": "mine", "base_revision": "1"}

    clash = browser.post(f"{section_url(note)}/edit", data=data, headers=JSON)
    page = browser.get(told(clash)["clash"])

    assert clash.status_code == 409
    assert bodies(note)[0] == "mine"
    assert [words in page.text for words in ("mine", "theirs", "Keep both")] == [True] * 3


def test_a_text_that_is_too_long_is_refused_in_words(browser: FlaskClient, organiser: User) -> None:
    note = note_at(make_notes(organiser), 1)
    data = {"body": "x" * 100_001, "base_revision": "0"}

    answer = browser.post(f"{section_url(note)}/edit", data=data, headers=JSON)

    assert answer.status_code == 422
    assert "too long" in told(answer)["said"]


def test_parts_of_the_page_are_there_alone(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser)
    note = note_at(note_set, 1)
    save(note, "Words", organiser)

    shown = browser.get(f"{section_url(note)}?part")
    written = browser.get(f"{section_url(note)}/edit?part")
    whole = browser.get(section_url(note))

    assert [part.text.lstrip().startswith("<section") for part in (shown, written)] == [True, True]
    assert "Edit this section" in shown.text
    assert 'name="base_revision" value="1"' in written.text
    assert whole.headers["Location"].endswith("/notes#note-1")


def test_the_programme_is_a_hint_and_no_text(browser: FlaskClient, organiser: User) -> None:
    note_set = make_notes(organiser, items=())
    make_agenda_item(note_set.webinar, "Counting", minutes=20, detail="Who counts whom?")
    here = f"/webinars/{note_set.webinar_id}"
    browser.post(f"{here}/notes")

    page = browser.get(f"{here}/notes").text

    assert [words in page for words in ("Who counts whom?", "20 minutes", "has no text")] == [
        True,
        True,
        True,
    ]


def test_who_is_signed_out_keeps_the_text_and_its_base(
    client: FlaskClient, organiser: User, client_for: SignIn
) -> None:
    note = note_at(make_notes(organiser), 1)
    save(note, "one", organiser)
    data = {"body": "typed <words>", "base_revision": "1", "draft_sequence": "3"}

    page = client.post(f"{section_url(note)}/edit", data=data)
    by_script = client.post(f"{section_url(note)}/edit", data=data, headers=JSON)
    read = client.get(f"{section_url(note)}/edit")
    client_for(organiser).post(f"{section_url(note)}/edit", data=data)

    assert (page.status_code, by_script.status_code, read.status_code) == (401, 401, 302)
    assert "typed &lt;words&gt;" in page.text
    assert 'name="base_revision" value="1"' in page.text
    assert f'action="{section_url(note)}/edit"' in page.text
    assert "signed out" in told(by_script)["said"]
    assert bodies(note)[0] == "typed <words>"


def test_a_text_sent_with_an_old_token_comes_back_to_be_saved_once_more(
    browser: FlaskClient, organiser: User, with_tokens: None
) -> None:
    note = note_at(make_notes(organiser), 1)
    address, data = f"{section_url(note)}/edit", {"body": "typed words", "base_revision": "0"}

    page = browser.post(address, data=data | {"csrf_token": "old"})
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    by_script = browser.post(address, data=data, headers=JSON)
    nothing_saved = bodies(note) == []
    saved = browser.post(
        address, data=data | {"csrf_token": told(by_script)["token"]}, headers=JSON
    )

    assert (page.status_code, by_script.status_code, saved.status_code) == (422, 422, 200)
    assert "typed words" in page.text
    assert "Nothing is lost" in page.text
    assert token is not None
    assert nothing_saved
    assert bodies(note) == ["typed words"]


def test_a_draft_of_another_tab_stays_when_this_one_saves(
    browser: FlaskClient, organiser: User
) -> None:
    note = note_at(make_notes(organiser), 1)
    with write():
        save_draft(organiser, f"note:{note.id}", {"body": "other words"}, 0)
    address = f"{section_url(note)}/edit"

    browser.post(address, data={"body": "mine", "base_revision": "0", "draft_sequence": "0"})

    assert "other words" in browser.get(address).text


def test_a_draft_that_says_what_stands_there_is_no_news(
    browser: FlaskClient, organiser: User
) -> None:
    note = note_at(make_notes(organiser), 1)
    save(note, "one", organiser)
    with write():
        fields = {"body": "one", "base_revision": "0"}
        save_draft(organiser, f"note:{note.id}", fields, 0)

    page = browser.get(f"{section_url(note)}/edit").text

    assert "was not saved yet" not in page
    assert 'name="base_revision" value="1"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_keys_make_records(app: Flask, language: str) -> None:
    note_set: NoteSet = make_notes(language=language)
    with app.test_request_context():
        words = record_words(note_set)

    found = lines_of(f"{words.decision}: one\n\n{words.action}: two", date(2027, 5, 1))

    assert [line.kind for line in found] == [LineKind.DECISION, LineKind.ACTION]
