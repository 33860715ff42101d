"""Decisions and actions have numbers that are given once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.notes import deciding
from app.notes.contents import actions_of, decisions_of
from app.notes.deciding import Owner, number_of
from app.notes.enums import ActionState, DecisionStatus
from app.notes.errors import ChangedMeanwhile, TextMissing
from app.notes.models import Action, Decision, NoteSet
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at
from tests.notes.test_writing import at_once


def decide(note_set: NoteSet, text: str = "Meet again") -> Decision:
    with write():
        return deciding.decide(note_set, text)


def promise(note_set: NoteSet, owner: Owner | None = None) -> Action:
    with write():
        return deciding.promise(note_set, "Write it down", owner or Owner(), date(2026, 12, 1))


def test_numbers_count_on_through_the_year_and_begin_anew_with_it(app: Flask) -> None:
    first, second = make_notes(), make_notes()

    with time_machine.travel("2026-12-31T12:00Z", tick=False):
        numbers = [number_of(decide(first)), number_of(decide(second)), number_of(promise(first))]
    with time_machine.travel("2027-01-01T12:00Z", tick=False):
        numbers.append(number_of(decide(first)))

    assert numbers == ["D-2026-001", "D-2026-002", "A-2026-001", "D-2027-001"]


def test_numbers_given_at_once_differ(app: Flask) -> None:
    set_id = make_notes().id

    def deciding_one() -> str:
        with write() as session:
            return number_of(deciding.decide(session.get_one(NoteSet, set_id), "x"))

    def promising_one() -> str:
        with write() as session:
            note_set = session.get_one(NoteSet, set_id)
            return number_of(deciding.promise(note_set, "x", Owner(), None))

    works: list[Callable[[], object]] = [deciding_one] * 4 + [promising_one] * 4
    found = sorted(map(str, at_once(app, works)))

    assert [number[-3:] for number in found] == ["001", "002", "003", "004"] * 2


def test_a_decision_changes_and_is_withdrawn(app: Flask) -> None:
    note_set = make_notes()
    decision = decide(note_set)
    note = note_at(note_set, 1)

    with write():
        deciding.change_decision(decision, "Meet monthly", DecisionStatus.PROPOSED, note, 1)
    with write():
        deciding.withdraw(decision, 2)

    found = decisions_of(note_set)
    assert [(d.text, d.status, d.note_id, d.lock_version) for d in found] == [
        ("Meet monthly", DecisionStatus.WITHDRAWN, note.id, 3)
    ]


def test_a_stale_form_changes_nothing(app: Flask) -> None:
    note_set = make_notes()
    decision, action = decide(note_set), promise(note_set)
    with write():
        deciding.withdraw(decision, 1)
    with write():
        deciding.finish(action, 1)

    with pytest.raises(ChangedMeanwhile), write():
        deciding.change_decision(decision, "Other", DecisionStatus.ADOPTED, None, 1)
    with pytest.raises(ChangedMeanwhile), write():
        deciding.change_action(action, "Other", Owner(label="x"), None, None, 1)

    assert (decision.text, action.text) == ("Meet again", "Write it down")


def test_an_empty_record_is_refused(app: Flask) -> None:
    note_set = make_notes()

    with pytest.raises(TextMissing), write():
        deciding.decide(note_set, "  ")

    assert decisions_of(note_set) == []


def test_an_action_is_done_dropped_and_opened_again(app: Flask) -> None:
    action = promise(make_notes())

    with write():
        deciding.finish(action, 1)
    done = (action.state, action.done_at is not None)
    with write():
        deciding.drop(action, 2)
    dropped = (action.state, action.done_at)
    with write():
        deciding.reopen(action, 3)

    assert done == (ActionState.DONE, True)
    assert dropped == (ActionState.DROPPED, None)
    assert (action.state, action.lock_version) == (ActionState.OPEN, 4)


def test_an_owner_is_a_person_a_city_or_words(app: Flask) -> None:
    note_set, user, city = make_notes(), make_user(), make_city()

    for owner in (Owner(user=user), Owner(city=city), Owner(label="network office"), Owner()):
        promise(note_set, owner)
    db.session.rollback()

    found = [(a.owner_user, a.owner_city, a.owner_label) for a in actions_of(note_set)]
    assert found == [
        (user, None, ""),
        (None, city, ""),
        (None, None, "network office"),
        (None, None, ""),
    ]
