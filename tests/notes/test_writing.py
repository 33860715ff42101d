"""Saving notes: one head, every text kept, also when people save at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.core.db import db, write
from app.notes import reviewing, writing
from app.notes.contents import revisions_of
from app.notes.enums import NotesStatus, RevisionKind
from app.notes.errors import ReviewNotPossible
from app.notes.merging import paragraphs
from app.notes.models import Note, NoteRevision, NoteSet
from app.notes.writing import Clash, Merged, Saved
from tests.factories import make_user
from tests.factories_notes import make_notes, note_at, open_notes, publish, save
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar


def head_of(note: Note) -> NoteRevision:
    db.session.rollback()
    revision = writing.revision_of(note, note.head)
    assert revision is not None
    return revision


def test_notes_open_with_a_part_for_each_agenda_item(app: Flask) -> None:
    note_set = make_notes(items=("Welcome", "Questions"))

    found = [(note.position, note.heading, note.head) for note in note_set.notes]
    assert found == [(0, "General", 0), (1, "Welcome", 0), (2, "Questions", 0)]


def test_opening_again_adds_only_what_is_new(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    item = make_agenda_item(webinar, "Welcome")
    first = open_notes(webinar, organiser)
    save(note_at(first, 1), "Hello", organiser)
    make_agenda_item(webinar, "Close", position=2)
    with write():
        item.title = "Opening"

    again = open_notes(webinar, organiser)

    assert again.id == first.id
    found = [(note.heading, note.head) for note in again.notes]
    assert found == [("General", 1), ("Opening", 1), ("Close", 0)]


def test_a_removed_agenda_item_keeps_its_text(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    item = make_agenda_item(webinar, "Welcome")
    note_set = open_notes(webinar, organiser)
    save(note_at(note_set, 1), "Hello", organiser)
    with write() as session:
        session.delete(session.get(type(item), item.id))

    again = open_notes(webinar, organiser)

    assert [(n.position, n.heading, n.head) for n in again.notes] == [
        (0, "General", 1),
        (1, "Welcome", 1),
    ]


def test_a_save_on_top_of_the_head_is_the_new_head(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)

    first, second = save(note, "one", author), save(note, "two", author)

    assert isinstance(first, Saved)
    assert isinstance(second, Saved)
    assert [(r.number, r.base, r.kind, r.body) for r in revisions_of(note)] == [
        (2, 1, RevisionKind.SAVED, "two"),
        (1, 0, RevisionKind.SAVED, "one"),
    ]


def test_the_same_text_again_is_no_revision(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "one", author)

    outcome = save(note, "one", author, base=0)

    assert isinstance(outcome, Saved)
    assert len(revisions_of(note)) == 1


def test_edits_of_two_paragraphs_are_joined(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a\n\nb", author)
    save(note, "A\n\nb", author, base=1)

    outcome = save(note, "a\n\n**B**", make_user(), base=1)

    assert isinstance(outcome, Merged)
    assert (outcome.theirs.number, outcome.revision.number) == (2, 4)
    assert head_of(note).body == "A\n\n**B**"
    assert "<strong>B</strong>" in head_of(note).html


def test_what_was_typed_is_kept_beside_what_it_was_joined_into(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a\n\nb", author)
    save(note, "A\n\nb", author, base=1)

    save(note, "a\n\n\nB", author, base=1)

    found = [(r.number, r.base, r.kind, r.body) for r in revisions_of(note)]
    assert found[:2] == [
        (4, 3, RevisionKind.MERGED, "A\n\nB"),
        (3, 1, RevisionKind.BRANCH, "a\n\n\nB"),
    ]


def test_a_clash_keeps_my_text_beside_theirs(app: Flask) -> None:
    author, me, note = make_user(), make_user(), note_at(make_notes(), 0)
    save(note, "a", author)
    save(note, "theirs", author, base=1)

    outcome = save(note, "mine", me, base=1)

    assert isinstance(outcome, Clash)
    assert (outcome.branch.kind, outcome.branch.body) == (RevisionKind.BRANCH, "mine")
    assert head_of(note).body == "theirs"
    assert [(p.base, p.mine, p.theirs) for p in outcome.pieces] == [("a", "mine", "theirs")]


def test_after_a_clash_numbers_go_on_above_the_branch(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a", author)
    save(note, "theirs", author, base=1)
    save(note, "mine", author, base=1)

    settled = save(note, "theirs\n\nmine", author, base=2)

    assert isinstance(settled, Saved)
    assert settled.revision.number == 4
    assert head_of(note).body == "theirs\n\nmine"


@pytest.mark.parametrize("base", [77, 3])
def test_a_base_that_is_none_loses_no_text(app: Flask, base: int) -> None:
    """77 never was; 3 is a branch, which nobody was shown as the text."""
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a", author)
    save(note, "theirs", author, base=1)
    save(note, "mine", author, base=1)

    outcome = save(note, "other", author, base=base)

    assert isinstance(outcome, Clash)
    assert outcome.branch.base == 0
    assert {"a", "theirs", "mine", "other"} == {r.body for r in revisions_of(note)}


def test_a_text_that_adds_nothing_to_theirs_is_kept_beside_it(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a\n\nb", author)
    save(note, "a\n\nb\n\nc", author)

    outcome = save(note, "a\n\n\nb", author, base=1)

    assert isinstance(outcome, Saved)
    assert outcome.revision.number == 2
    assert next((r.kind, r.body) for r in revisions_of(note)) == (RevisionKind.BRANCH, "a\n\n\nb")


def test_an_earlier_text_can_be_put_back(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    first = save(note, "one", author)
    save(note, "two", author)
    assert isinstance(first, Saved)

    with write():
        writing.restore(first.revision, note, author)
    with write():
        again = writing.restore(first.revision, note, author)

    head = head_of(note)
    assert (head.number, head.kind, head.base, head.body) == (3, RevisionKind.RESTORED, 1, "one")
    assert again.number == 3


def test_a_comparison_says_what_came_and_went() -> None:
    changes = writing.compare("a\n\nb", "a\n\nc")

    assert [(c.mark, c.text) for c in changes] == [("same", "a"), ("removed", "b"), ("added", "c")]


def test_review_ends_with_publishing(app: Flask) -> None:
    organiser = make_organiser()
    note_set = make_notes(organiser, items=())
    with write():
        reviewing.open_review(note_set, 7, organiser)
    assert note_set.status == NotesStatus.IN_REVIEW
    with write():
        reviewing.back_to_draft(note_set, organiser)
    assert note_set.status == NotesStatus.DRAFT
    publish(note_set, organiser)

    with pytest.raises(ReviewNotPossible), write():
        reviewing.back_to_draft(note_set, organiser)


def at_once(app: Flask, works: Sequence[Callable[[], object]]) -> list[object]:
    """Do these things in threads that start together."""
    barrier, found = threading.Barrier(len(works)), {}

    def work(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                found[number] = works[number]()
            except Exception as error:
                found[number] = error
            db.session.remove()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[n] for n in range(len(works))]


def saving(note_id: int, author_id: int, body: str, base: int) -> Callable[[], str]:
    def work() -> str:
        with write() as session:
            note, author = session.get_one(Note, note_id), session.get_one(User, author_id)
            return type(writing.save_note(note, body, body, base, author)).__name__

    return work


def test_three_people_saving_different_paragraphs_at_once(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a\n\nb\n\nc", author)
    texts = ["A\n\nb\n\nc", "a\n\nB\n\nc", "a\n\nb\n\nC"]

    outcomes = at_once(app, [saving(note.id, author.id, text, 1) for text in texts])

    assert sorted(map(str, outcomes)) == ["Merged", "Merged", "Saved"]
    assert head_of(note).body == "A\n\nB\n\nC"


def test_two_people_saving_the_same_paragraph_at_once(app: Flask) -> None:
    author, note = make_user(), note_at(make_notes(), 0)
    save(note, "a", author)

    outcomes = at_once(app, [saving(note.id, author.id, text, 1) for text in ("x", "y")])

    assert sorted(map(str, outcomes)) == ["Clash", "Saved"]
    db.session.rollback()
    assert sorted(r.body for r in revisions_of(note)) == ["a", "x", "y"]


def test_two_people_opening_the_notes_at_once(app: Flask) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_agenda_item(webinar)

    def opening() -> int:
        with write() as session:
            mine = session.get(type(webinar), webinar_id)
            return writing.open_notes(mine, session.get(type(organiser), organiser_id)).id

    webinar_id, organiser_id = webinar.id, organiser.id
    first, second = at_once(app, [opening, opening])

    assert first == second
    db.session.rollback()
    note_set = db.session.get(NoteSet, first)
    assert [note.heading for note in note_set.notes] == ["General", "Welcome"]


edits = st.lists(
    st.tuples(st.lists(st.sampled_from("abcdef"), max_size=4), st.integers(0, 4)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits)
def test_in_any_order_of_saves_no_new_paragraph_is_lost(
    app: Flask, edits: list[tuple[list[str], int]]
) -> None:
    author, note = make_user(), note_at(make_notes(), 0)

    for texts, back in edits:
        base = max(note.head - back, 0)
        started = writing.revision_of(note, base)
        is_text = started is not None and started.kind != RevisionKind.BRANCH
        known = paragraphs(started.body) if is_text and started else []
        before, body = head_of(note).body if note.head else "", "\n\n".join(texts)
        outcome = save(note, body, author, base)
        kept = outcome.branch if isinstance(outcome, Clash) else outcome.revision
        assert [t for t in texts if t not in known and t not in paragraphs(kept.body)] == []
        after = head_of(note).body
        assert after == (before if isinstance(outcome, Clash) else kept.body)
    numbers = [revision.number for revision in revisions_of(note)]
    assert numbers == sorted(set(numbers), reverse=True)
