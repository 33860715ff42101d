"""Adding, naming, moving and removing sections on the notes page; each act can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import sectioning
from app.notes.models import Note, NoteSet
from tests.factories import make_group, make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def browser(organiser: User, client_for: SignIn) -> FlaskClient:
    return client_for(organiser)


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    return make_notes(organiser, ("Welcome",))


@pytest.fixture
def own(note_set: NoteSet) -> Note:
    with write():
        note = sectioning.add_section(note_set, "Mine")
    db.session.refresh(note_set)
    return note


def notes_url(note_set: NoteSet) -> str:
    return f"/webinars/{note_set.webinar_id}/notes"


def headings(note_set: NoteSet) -> list[str]:
    db.session.rollback()
    db.session.refresh(note_set)
    return [note.heading for note in note_set.shown]


def undo(browser: FlaskClient, page: str) -> None:
    """Press the button beside what was said."""
    form = re.search(
        r'<form class="cluster" method="post" action="([^"]+)">(.*?)</form>', page, re.S
    )
    assert form is not None
    assert "Undo" in form[2]
    browser.post(form[1], data=dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2])))


def test_a_section_is_added_and_taken_back(browser: FlaskClient, note_set: NoteSet) -> None:
    added = browser.post(f"{notes_url(note_set)}/sections", data={"template": "needs"})
    browser.post(
        f"{notes_url(note_set)}/sections", data={"template": "needs", "heading": "Next steps"}
    )
    before = headings(note_set)
    undo(browser, browser.get(notes_url(note_set)).text.partition('"Next steps"')[0])

    assert added.headers["Location"].endswith("/notes#note-2")
    assert before == ["General", "Welcome", "Needs expressed", "Next steps"]
    assert headings(note_set) == ["General", "Welcome", "Next steps"]


@pytest.mark.parametrize("data", [{}, {"template": "??"}, {"heading": "x" * 201}, {"heading": " "}])
def test_a_section_without_a_good_heading_comes_back(
    browser: FlaskClient, note_set: NoteSet, data: dict[str, str]
) -> None:
    answer = browser.post(f"{notes_url(note_set)}/sections", data=data)

    assert answer.status_code == 422
    assert data.get("heading", "") in answer.text
    assert headings(note_set) == ["General", "Welcome"]


def test_a_section_is_renamed_and_gets_its_name_back(
    browser: FlaskClient, note_set: NoteSet, own: Note
) -> None:
    address = f"{notes_url(note_set)}/{own.id}/heading"

    browser.post(address, data={"heading": "Ours"})
    renamed = headings(note_set)
    undo(browser, browser.get(notes_url(note_set)).text)
    browser.post(address, data={"heading": " "})
    refused = browser.get(notes_url(note_set)).text
    browser.post(address, data={"heading": "x" * 201})

    assert renamed[-1] == "Ours"
    assert headings(note_set)[-1] == "Mine"
    assert "Give the section a heading." in refused


def test_a_section_moves(browser: FlaskClient, note_set: NoteSet, own: Note) -> None:
    address = f"{notes_url(note_set)}/{own.id}/move"

    orders = []
    for where in ("up", "up", "down", "??"):
        browser.post(address, data={"to": where})
        orders.append(headings(note_set).index("Mine"))

    assert orders == [1, 1, 2, 2]


def test_a_section_is_removed_and_comes_back_by_undo_and_by_its_history(
    browser: FlaskClient, note_set: NoteSet, own: Note, organiser: User
) -> None:
    save(own, "Its words", organiser)
    here = f"{notes_url(note_set)}/{own.id}"

    browser.post(f"{here}/remove")
    page = browser.get(notes_url(note_set)).text
    file = browser.get(f"/webinars/{note_set.webinar_id}/summary.txt?draft=1").text
    undo(browser, page)
    back = headings(note_set)
    browser.post(f"{here}/remove")
    history = browser.get(f"{here}/history").text
    browser.post(f"{here}/back")
    browser.post(f"{here}/back")

    assert "Its words" not in page
    assert "Its words" not in file
    assert "Removed sections" in page
    assert back == headings(note_set) == ["General", "Welcome", "Mine"]
    assert [words in history for words in ("Bring it back", "the section was removed")] == [
        True
    ] * 2
    assert "Its words" in browser.get(notes_url(note_set)).text


def test_a_text_refused_in_a_removed_section_comes_back_in_its_form(
    browser: FlaskClient, note_set: NoteSet, own: Note
) -> None:
    """And only there: the section is still removed."""
    here = f"{notes_url(note_set)}/{own.id}"
    browser.post(f"{here}/remove")
    sent = {"body": "Mine too. " * 10_001, "base_revision": "0", "draft_sequence": "7"}

    refused = browser.post(f"{here}/edit", data=sent)

    assert refused.status_code == 422
    assert f'action="{here}/edit"' in refused.text
    assert sent["body"].strip() in refused.text
    assert headings(note_set) == ["General", "Welcome"]
    assert f'action="{here}/edit"' not in browser.get(notes_url(note_set)).text


def test_sections_of_the_agenda_say_why_they_stay(browser: FlaskClient, note_set: NoteSet) -> None:
    here = f"{notes_url(note_set)}/{note_at(note_set, 1).id}"

    said = []
    for act, data in (("remove", {}), ("move", {"to": "up"}), ("heading", {"heading": "x"})):
        browser.post(f"{here}/{act}", data=data)
        said.append("belongs to the agenda" in browser.get(notes_url(note_set)).text)

    assert said == [True] * 3
    assert headings(note_set) == ["General", "Welcome"]


def test_only_those_who_write_arrange(client: FlaskClient, client_for: SignIn, own: Note) -> None:
    group = make_group(slug="closed-circle")
    hidden = make_notes(visibility=Visibility.HIDDEN, group_id=group.id)
    here, member = notes_url(own.note_set), client_for(make_user())
    asked = [
        f"{here}/sections",
        *(f"{here}/{own.id}/{a}" for a in ("heading", "move", "remove", "back")),
    ]

    assert {client.post(address).status_code for address in asked} == {302}
    assert {member.post(address).status_code for address in asked} == {403}
    assert member.post(f"{notes_url(hidden)}/sections").status_code == 404
    assert {client_for(make_user()).get(f"{here}/{own.id}").status_code} == {403}


@pytest.mark.parametrize("number", [0, 999_999, 2**31, 2**63])
def test_numbers_that_lead_nowhere(browser: FlaskClient, note_set: NoteSet, number: int) -> None:
    here = f"{notes_url(note_set)}/{number}"
    acts = ("heading", "move", "remove", "back")

    assert {browser.post(f"{here}/{act}").status_code for act in acts} == {404}
    assert browser.get(here).status_code == 404
