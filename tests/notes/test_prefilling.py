"""What notes begin with: what was announced, what is still open, and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.core.markup import render
from app.notes import deciding, writing
from app.notes.contents import actions_of, revisions_of
from app.notes.deciding import Owner, number_of
from app.notes.enums import NoteKind, RevisionKind
from app.notes.models import Note, NoteSet
from app.questions.enums import QuestionState
from app.questions.models import Question
from app.webinars.models import Series, Webinar
from tests.factories import make_user
from tests.factories_notes import note_at, open_notes, publish, save
from tests.factories_webinars import (
    make_agenda_item,
    make_organiser,
    make_speaker,
    make_webinar,
)


def body_of(note: Note | None) -> str:
    assert note is not None
    db.session.rollback()
    head = writing.revision_of(note, note.head)
    return head.body if head else ""


def of_kind(note_set: NoteSet, kind: NoteKind) -> Note | None:
    db.session.refresh(note_set)
    return next((note for note in note_set.notes if note.kind == kind), None)


def ask(webinar: Webinar, body: str, **changes: object) -> Question:
    values = {"webinar_id": webinar.id, "body": body, "language": "en", "asked_at": utcnow()}
    with write() as session:
        question = Question(**(values | changes))
        session.add(question)
    return question


def test_the_general_section_begins_with_purpose_and_speakers(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_speaker(webinar, "Human rights officer", affiliation="Graz")

    general = note_at(open_notes(webinar, organiser), 0)

    assert body_of(general) == (
        "# Purpose\n\nHow cities count.\n\n# Speakers\n\n- Human rights officer, Graz"
    )
    assert [one.kind for one in revisions_of(general)] == [RevisionKind.PREFILLED]


@pytest.mark.parametrize(
    ("attribution", "named"),
    [(Attribution.NETWORK, "# Speakers\n\n- Graz"), (Attribution.CHATHAM_HOUSE, "")],
)
def test_speakers_are_named_as_far_as_the_published_summary_may(
    app: Flask, attribution: Attribution, named: str
) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, attribution=attribution, description="")
    make_speaker(webinar, "Human rights officer", affiliation="Graz")

    assert body_of(note_at(open_notes(webinar, organiser), 0)) == named


def test_headings_are_in_the_language_of_the_notes(app: Flask) -> None:
    organiser = make_organiser(locale="en")
    webinar = make_webinar(organiser=organiser, language="de", description="Zählen.")

    note_set = open_notes(webinar, organiser)

    assert note_at(note_set, 0).heading == "Allgemeines"
    assert body_of(note_at(note_set, 0)).endswith("\n\nZählen.")


def test_what_is_written_is_never_written_over(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, description="")
    note_set = open_notes(webinar, organiser)
    save(note_at(note_set, 0), "Our words", organiser)
    with write():
        webinar.description = "How cities count."

    again = open_notes(webinar, organiser)

    assert body_of(note_at(again, 0)) == "Our words"


def test_unanswered_questions_have_a_section_without_who_asked(app: Flask) -> None:
    organiser, asker = make_organiser(), make_user("Asker of questions")
    webinar = make_webinar(organiser=organiser, description="")
    ask(webinar, "Who pays?", asker_id=asker.id, votes=1)
    ask(webinar, "Action: is\nthis one?", asker_id=asker.id, votes=2)
    ask(webinar, "Answered?", state=QuestionState.ANSWERED)
    ask(webinar, "Waiting?", state=QuestionState.WAITING)

    section = of_kind(open_notes(webinar, organiser), NoteKind.QUESTIONS)

    assert section is not None
    assert section.heading == "Open questions"
    assert body_of(section) == "- “Action: is this one?”\n- “Who pays?”"
    assert actions_of(section.note_set) == []


def test_later_questions_come_below_and_taken_out_ones_stay_out(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, description="")
    ask(webinar, "First?")
    ask(webinar, "Second?")
    note_set = open_notes(webinar, organiser)
    section = of_kind(note_set, NoteKind.QUESTIONS)
    assert section is not None
    save(section, "- “First?” Graz knows.", organiser)
    ask(webinar, "Third?")

    open_notes(webinar, organiser)
    open_notes(webinar, organiser)

    assert body_of(section) == "- “First?” Graz knows.\n\n- “Third?”"
    assert [one.kind for one in revisions_of(section)] == [
        RevisionKind.PREFILLED,
        RevisionKind.SAVED,
        RevisionKind.PREFILLED,
    ]


def series_of_two() -> tuple[NoteSet, Webinar]:
    """The published notes of the first session, and the second one."""
    organiser = make_organiser()
    with write() as session:
        series = Series(title="Counting", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    first = make_webinar(organiser=organiser, series_id=series.id, description="")
    second = make_webinar(organiser=organiser, series_id=series.id, description="")
    return open_notes(first, organiser), second


def test_open_actions_of_earlier_sessions_have_a_section(app: Flask) -> None:
    note_set, second = series_of_two()
    organiser = note_set.webinar.organisers[0].user
    with write():
        owner = Owner(label="network office")
        kept = deciding.promise(note_set, "Send the form", owner, date(2027, 3, 1))
        done = deciding.promise(note_set, "Done thing", owner, date(2027, 3, 1))
        deciding.finish(done, done.lock_version)
    publish(note_set, organiser)

    opened = open_notes(second, organiser)
    section = of_kind(opened, NoteKind.EARLIER)

    assert section is not None
    assert (section.heading, section.position) == ("What became of earlier actions", 1)
    assert body_of(section) == (
        f"- {number_of(kept)}: Send the form (network office, due 1 March 2027)"
    )
    assert actions_of(opened) == []


def test_the_item_of_the_agenda_takes_earlier_actions(app: Flask) -> None:
    note_set, second = series_of_two()
    organiser = note_set.webinar.organisers[0].user
    with write():
        action = deciding.promise(note_set, "Send", Owner(label="office"), date(2027, 3, 1))
    publish(note_set, organiser)
    make_agenda_item(second, "Open actions", carries_actions=True)

    opened = open_notes(second, organiser)

    assert [(note.heading, note.kind) for note in opened.notes] == [
        ("General", NoteKind.GENERAL),
        ("Open actions", NoteKind.EARLIER),
    ]
    assert body_of(opened.notes[1]).startswith(f"- {number_of(action)}: Send")


def test_a_person_who_saved_first_keeps_the_section(app: Flask) -> None:
    """The words of a prefilled section are a text like any other: an older base is joined."""
    organiser = make_organiser()
    note_set = open_notes(make_webinar(organiser=organiser), organiser)
    general = note_at(note_set, 0)

    outcome = save(general, "# Purpose\n\nHow cities count.\n\nMore.", organiser, base=1)

    assert isinstance(outcome, writing.Saved)
    assert render(body_of(general)).html.startswith("<h3>Purpose</h3>")
