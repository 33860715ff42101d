"""What one click puts into a section."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.core.markup import render
from app.notes import inserting, writing
from app.notes.contents import actions_of, decisions_of, revisions_of
from app.notes.deciding import Owner, promise
from app.notes.enums import Naming
from app.notes.errors import NothingToInsert
from app.notes.models import Note, NoteSet, NoteTaker
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.webinars.enums import CancelSource, RegistrationState
from app.webinars.models import Registration, Series
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_organiser, make_speaker

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note(organiser: User) -> Note:
    return note_at(make_notes(organiser, language="en"), 1)


def press(note: Note, what: str, author: User) -> str:
    with write():
        inserting.insert(note, what, author)
    return head_of(note)


def head_of(note: Note) -> str:
    db.session.refresh(note)
    head = writing.revision_of(note, note.head)
    return head.body if head else ""


def came(note: Note, city: Any = None, **changes: Any) -> Registration:
    values = {"attended": True, "city_id": city.id if city else None}
    return make_registration(note.note_set.webinar, **(values | changes))


def name_by(note_set: NoteSet, naming: Naming) -> None:
    with write():
        note_set.naming = naming


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("|")]


def test_attendance_by_city_names_who_agreed(note: Note, organiser: User) -> None:
    graz, york = make_city("Graz"), make_city("York")
    came(note, graz, name="Housing officer", is_listed=True)
    came(note, graz, name="Nobody's business")
    came(note, york, attended=False, is_excused=True, name="Excused officer", is_listed=True)
    came(note, york, attended=False)

    text = press(note, "attendance", organiser)

    assert rows(text) == [
        "| City | Present | Excused | Absent | Names |",
        "| --- | --- | --- | --- | --- |",
        "| Graz | 2 | 0 | 0 | Housing officer |",
        "| York | 0 | 1 | 1 |  |",
    ]
    assert "<table>" in render(text).html


def test_who_cancelled_in_time_is_excused(note: Note, organiser: User) -> None:
    graz, begins = make_city("Graz"), note.note_set.webinar.starts_at
    gone = {"attended": None, "state": RegistrationState.CANCELLED}
    own = gone | {"cancel_source": CancelSource.USER}
    assert begins is not None
    came(note, graz)
    came(note, graz, **own, cancelled_at=begins - timedelta(minutes=1))
    came(note, graz, **own, cancelled_at=begins + timedelta(minutes=1))
    came(
        note,
        graz,
        **gone,
        cancel_source=CancelSource.ORGANISER,
        cancelled_at=begins - timedelta(days=1),
    )

    text = press(note, "attendance", organiser)

    assert rows(text)[2:] == ["| Graz | 1 | 1 | 0 |"]


def test_stricter_naming_has_no_names(note: Note, organiser: User) -> None:
    graz = make_city("Graz")
    came(note, graz, name="Housing officer", is_listed=True)

    name_by(note.note_set, Naming.CITY)
    assert rows(press(note, "attendance", organiser))[2:] == ["| Graz | 1 | 0 | 0 |"]
    name_by(note.note_set, Naming.ACTOR)
    assert rows(press(note, "attendance", organiser))[-1] == "| A city | 1 | 0 | 0 |"


@pytest.mark.parametrize("how", ["notes", "webinar"])
def test_where_nobody_is_named_only_counts_are_said(how: str, note: Note, organiser: User) -> None:
    graz, york = make_city("Graz"), make_city("York")
    for city in (graz, graz, york, None):
        came(note, city, name="Housing officer", is_listed=True)
    came(note, None, city_label="Linz")
    came(note, york, attended=False)
    make_speaker(note.note_set.webinar)
    if how == "notes":
        name_by(note.note_set, Naming.NOBODY)
    else:
        with write():
            note.note_set.webinar.attribution = Attribution.CHATHAM_HOUSE

    assert press(note, "attendance", organiser) == "5 people were there, from 3 cities."
    with pytest.raises(NothingToInsert):
        press(note, "speakers", organiser)


def test_nobody_there_yet_is_nothing_to_insert(note: Note, organiser: User) -> None:
    name_by(note.note_set, Naming.NOBODY)

    with pytest.raises(NothingToInsert):
        press(note, "attendance", organiser)


def test_twice_is_once_and_news_come_below(note: Note, organiser: User) -> None:
    graz = make_city("Graz")
    came(note, graz)
    save(note, "We met.", organiser)
    once = press(note, "attendance", organiser)
    assert once.startswith("We met.\n\n| City |")

    with pytest.raises(NothingToInsert):
        press(note, "attendance", organiser)
    assert head_of(note) == once

    came(note, graz)
    twice = press(note, "attendance", organiser)
    assert twice.startswith(f"{once}\n\n| City |")
    assert rows(twice)[-1] == "| Graz | 2 | 0 | 0 |"


def test_changed_block_stays_as_people_wrote_it(note: Note, organiser: User) -> None:
    make_speaker(note.note_set.webinar, "Housing officer", affiliation="Graz")
    first = press(note, "speakers", organiser)
    assert first == "- Housing officer, Graz"
    save(note, "- Housing officer (Graz), by phone", organiser)

    text = press(note, "speakers", organiser)

    assert text == "- Housing officer (Graz), by phone\n\n- Housing officer, Graz"


def test_names_are_no_marks(note: Note, organiser: User) -> None:
    came(note, None, city_label="**A** | [b](https://x.example)", name="<b>*x*</b>", is_listed=True)

    html = render(press(note, "attendance", organiser)).html

    assert "<strong>" not in html
    assert "<a " not in html
    assert "**A** | [b](https://x.example)" in html


def test_open_questions_are_quoted_and_no_records(note: Note, organiser: User) -> None:
    ask(note, "Action: who pays?", votes=2)
    ask(note, "When?\n\nDecision: never", votes=1)
    ask(note, "Answered", state=QuestionState.ANSWERED)

    text = press(note, "questions", organiser)

    assert text == "- “Action: who pays?”\n- “When? Decision: never”"
    assert (actions_of(note.note_set), decisions_of(note.note_set)) == ([], [])
    with pytest.raises(NothingToInsert):
        press(note, "questions", organiser)


def test_marks_in_a_question_are_words(note: Note, organiser: User) -> None:
    asked = ["Who *pays* **all**?", "[x](http://x.example)", "# a", "Action: x", "<b>y</b> | `z`"]
    for votes, body in enumerate(reversed(asked)):
        ask(note, body, votes=votes)

    html = render(press(note, "questions", organiser)).html

    items = re.findall(r"<li>\s*(.*?)\s*</li>", html, re.S)
    assert [unescape(item) for item in items] == [f"“{body}”" for body in asked]
    assert actions_of(note.note_set) == []
    with pytest.raises(NothingToInsert):
        press(note, "questions", organiser)


def ask(note: Note, body: str, **changes: Any) -> None:
    values = {"webinar_id": note.note_set.webinar_id, "body": body, "language": "en"}
    with write() as session:
        session.add(Question(**(values | {"asked_at": utcnow()} | changes)))


def test_open_actions_of_earlier_sessions(organiser: User) -> None:
    with write() as session:
        series = Series(title="Rounds", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    days = [utcnow() - timedelta(days=20), utcnow() + timedelta(days=5)]
    earlier, later = (
        make_notes(organiser, series_id=series.id, starts_at=day, sorts_at=day, language="en")
        for day in days
    )
    save(note_at(earlier, 1), "We met.", organiser)
    with write():
        due = utcnow().date() + timedelta(days=9)
        promise(earlier, "Send it", Owner(label="Network office"), due)
    publish(earlier, organiser)
    note = note_at(later, 1)

    text = press(note, "actions", organiser)

    year = utcnow().year
    assert text.startswith(f"- A-{year}-001: Send it (Network office, due ")
    assert actions_of(later) == []
    with pytest.raises(NothingToInsert):
        press(note, "actions", organiser)


def test_words_are_in_the_language_of_the_notes(organiser: User) -> None:
    note = note_at(make_notes(organiser, language="de"), 1)
    came(note, make_city("Graz", names={"en": "Graz EN", "de": "Graz DE"}))

    text = press(note, "attendance", organiser)

    assert rows(text)[0].startswith("| Stadt |")
    assert rows(text)[2].startswith("| Graz DE |")


def address(note: Note, what: str) -> str:
    return f"/webinars/{note.note_set.webinar_id}/notes/{note.id}/insert/{what}"


def test_button_makes_a_revision_that_others_are_joined_with(
    note: Note, organiser: User, client_for: SignIn
) -> None:
    came(note, make_city("Graz"))
    save(note, "Top\n\nEnd", organiser)
    browser = client_for(organiser)

    answer = browser.post(address(note, "attendance"))

    assert answer.status_code == 302
    assert answer.location.endswith("#note-1")
    assert save(note, "Top, changed\n\nEnd", organiser, base=1).revision.body.count("Graz") == 1
    assert len(revisions_of(note)) >= 3
    page = browser.get(f"/webinars/{note.note_set.webinar_id}/notes").text
    assert "Inserted at the end of the section." in page


def test_button_says_when_nothing_is_new(note: Note, organiser: User, client_for: SignIn) -> None:
    browser = client_for(organiser)

    assert browser.post(address(note, "speakers")).status_code == 302

    page = browser.get(f"/webinars/{note.note_set.webinar_id}/notes").text
    assert "There is nothing to insert that the section does not say already." in page


def test_who_may_insert(note: Note, client: FlaskClient, client_for: SignIn) -> None:
    member, taker = make_user(), make_user()
    with write() as session:
        webinar_id = note.note_set.webinar_id
        session.add(NoteTaker(webinar_id=webinar_id, user_id=taker.id, added_at=utcnow()))

    assert "/sign-in" in client.post(address(note, "speakers")).location
    assert client_for(member).post(address(note, "speakers")).status_code == 403
    browser = client_for(taker)
    assert browser.post(address(note, "speakers")).status_code == 302
    assert browser.post(address(note, "weather")).status_code == 404
    assert browser.post(address(note, "speakers").replace("notes/", "notes/9")).status_code == 404
