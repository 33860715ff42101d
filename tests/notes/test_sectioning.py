"""Sections that writers add, name, move, take out and bring back."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.db import db, write
from app.notes import sectioning, writing
from app.notes.contents import revisions_of
from app.notes.enums import NoteKind, RevisionKind
from app.notes.errors import HeadingMissing, SectionStays
from app.notes.models import Note, NoteSet
from tests.factories_notes import make_notes, note_at, open_notes, save
from tests.factories_webinars import make_agenda_item, make_organiser


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    return make_notes(organiser, ("Welcome", "Counting"))


def added(note_set: NoteSet, heading: str = "", template: str = "") -> Note:
    with write():
        return sectioning.add_section(note_set, heading, template)


def headings(note_set: NoteSet) -> list[str]:
    db.session.refresh(note_set)
    return [note.heading for note in note_set.shown]


def test_sections_are_added_at_the_end_by_title_or_from_the_list(note_set: NoteSet) -> None:
    own = added(note_set, "Next steps")
    offered = added(note_set, template="needs")
    questions = added(note_set, template="questions")
    second = added(note_set, template="questions")

    assert headings(note_set)[3:] == [
        "Next steps",
        "Needs expressed",
        "Open questions",
        "Open questions",
    ]
    kinds = [own.kind, offered.kind, questions.kind, second.kind]
    assert kinds == [NoteKind.EXTRA, NoteKind.EXTRA, NoteKind.QUESTIONS, NoteKind.EXTRA]


def test_a_section_needs_a_heading(note_set: NoteSet) -> None:
    with pytest.raises(HeadingMissing):
        added(note_set, template="??")
    own = added(note_set, "Mine")
    with pytest.raises(HeadingMissing), write():
        sectioning.rename_section(own, "")


def test_own_sections_are_renamed_and_moved(note_set: NoteSet) -> None:
    own = added(note_set, "Mine")

    with write():
        sectioning.rename_section(own, "Ours")
    steps = []
    for step in (-1, -1, -1, 1):
        with write():
            steps.append(sectioning.move_section(own, step))

    assert steps == [True, True, False, True]
    assert headings(note_set) == ["General", "Welcome", "Ours", "Counting"]


def test_a_moved_section_stays_when_the_agenda_changes(note_set: NoteSet, organiser: User) -> None:
    own = added(note_set, "Mine")
    with write():
        sectioning.move_section(own, -1)
    make_agenda_item(note_set.webinar, "Close", position=3)
    with write():
        first, second = note_set.webinar.agenda[:2]
        first.position, second.position = 2, 1
    db.session.refresh(note_set.webinar)

    open_notes(note_set.webinar, organiser)

    assert headings(note_set) == ["General", "Counting", "Mine", "Welcome", "Close"]


@pytest.mark.parametrize("position", [0, 1])
def test_sections_of_the_agenda_stay(note_set: NoteSet, organiser: User, position: int) -> None:
    note = note_at(note_set, position)

    for act in (
        lambda: sectioning.rename_section(note, "x"),
        lambda: sectioning.move_section(note, 1),
        lambda: sectioning.remove_section(note, organiser),
    ):
        with pytest.raises(SectionStays), write():
            act()


def test_a_removed_section_is_nowhere_and_comes_back_whole(
    note_set: NoteSet, organiser: User
) -> None:
    own = added(note_set, "Mine")
    save(own, "Words", organiser)

    with write():
        sectioning.remove_section(own, organiser)
    gone = headings(note_set)
    with write():
        first = sectioning.bring_back(own, organiser)
    with write():
        again = sectioning.bring_back(own, organiser)

    assert gone == ["General", "Welcome", "Counting"]
    assert (first, again) == (True, False)
    assert headings(note_set)[-1] == "Mine"
    assert [(one.kind, one.base, one.body) for one in revisions_of(own)] == [
        (RevisionKind.RESTORED, 1, "Words"),
        (RevisionKind.REMOVED, 1, ""),
        (RevisionKind.SAVED, 0, "Words"),
    ]


def test_an_empty_section_can_be_removed_and_brought_back(
    note_set: NoteSet, organiser: User
) -> None:
    own = added(note_set, "Mine")
    for _time in range(2):
        with write():
            sectioning.remove_section(own, organiser)
        with write():
            sectioning.bring_back(own, organiser)

    assert headings(note_set)[-1] == "Mine"


def test_who_saves_in_a_removed_section_brings_it_back(note_set: NoteSet, organiser: User) -> None:
    own = added(note_set, "Mine")
    save(own, "Words", organiser)
    with write():
        sectioning.remove_section(own, organiser)

    outcome = save(own, "Words and more", organiser, base=1)

    assert isinstance(outcome, writing.Saved)
    assert headings(note_set)[-1] == "Mine"
    assert revisions_of(own)[0].body == "Words and more"


def test_an_earlier_text_put_back_brings_the_section_back(
    note_set: NoteSet, organiser: User
) -> None:
    own = added(note_set, "Mine")
    save(own, "Words", organiser)
    with write():
        sectioning.remove_section(own, organiser)
    first = revisions_of(own)[-1]

    with write():
        writing.restore(first, own, organiser)

    assert headings(note_set)[-1] == "Mine"


def test_a_removed_section_of_questions_is_not_laid_in_again(
    note_set: NoteSet, organiser: User
) -> None:
    own = added(note_set, template="questions")
    with write():
        sectioning.remove_section(own, organiser)

    open_notes(note_set.webinar, organiser)

    assert headings(note_set) == ["General", "Welcome", "Counting"]
