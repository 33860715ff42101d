"""Decisions and actions follow the lines of the notes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.markup import render
from app.notes import deciding, line_records, writing
from app.notes.contents import actions_of, decisions_of
from app.notes.deciding import Owner, number_of
from app.notes.enums import ActionState, DecisionStatus
from app.notes.models import Action, Decision, Note, NoteSet, NoteTaker
from app.webinars.enums import RegistrationState
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import add_organiser, make_organiser, make_registration, make_speaker


@pytest.fixture
def author(app: Flask) -> User:
    return make_organiser("Ana López")


@pytest.fixture
def note_set(author: User) -> NoteSet:
    return make_notes(author, items=("Housing", "Next steps"), language="en")


@pytest.fixture
def note(note_set: NoteSet) -> Note:
    return note_at(note_set, 1)


def actions(note: Note) -> list[Action]:
    db.session.rollback()
    return actions_of(note.note_set)


def decisions(note: Note) -> list[Decision]:
    db.session.rollback()
    return decisions_of(note.note_set)


def texts(records: list[Action] | list[Decision]) -> list[str]:
    return [record.text for record in records]


def test_new_lines_become_records(note: Note, author: User) -> None:
    graz = make_city("Graz")
    save(note, "We met.\n\nDecision: We go on.\n- AI(Graz): send it by 2027-05-12", author)

    [decision], [action] = decisions(note), actions(note)
    assert (decision.text, decision.status) == ("We go on.", DecisionStatus.ADOPTED)
    assert (decision.note_id, decision.line) == (note.id, "Decision: We go on.")
    assert (action.text, action.due_on) == ("send it", date(2027, 5, 12))
    assert (action.owner_city_id, action.note_id, action.state) == (
        graz.id,
        note.id,
        ActionState.OPEN,
    )
    assert action.line == "- AI(Graz): send it by 2027-05-12"


def test_text_is_never_rewritten(note: Note, author: User) -> None:
    body = "  AI(Graz):   send it\t by 2027-05-12  \r"

    save(note, body, author)

    head = writing.revision_of(note, note.head)
    assert head is not None
    assert head.body == body


def test_same_line_changes_nothing(note: Note, author: User) -> None:
    save(note, "Action: send it", author)
    [before] = [(one.id, one.lock_version) for one in actions(note)]

    save(note, "More.\n\nAction: send it\n\nEnd.", author)

    assert [(one.id, one.lock_version) for one in actions(note)] == [before]


def test_changed_line_changes_its_record(note: Note, author: User) -> None:
    save(note, "Action: send the list", author)
    [was] = [number_of(one) for one in actions(note)]

    save(note, "Action: send the whole list (network office) by 2027-05-12", author)

    [action] = actions(note)
    assert number_of(action) == was
    assert (action.text, action.owner_label) == ("send the whole list", "network office")
    assert action.due_on == date(2027, 5, 12)
    assert action.lock_version == 2


def test_line_that_is_reworded_in_its_place_stays_the_same_record(note: Note, author: User) -> None:
    save(note, "Action: one\nAction: buy chairs\nAction: three", author)
    was = [one.id for one in actions(note)]

    save(note, "Action: one\nAction: purchase seating\nAction: three", author)

    assert [one.id for one in actions(note)] == was
    assert texts(actions(note)) == ["one", "purchase seating", "three"]


def test_line_that_moves_and_changes_stays_the_same_record(note: Note, author: User) -> None:
    save(note, "Action: write to the mayor\nAction: b\nAction: c", author)
    was = {one.text: one.id for one in actions(note)}

    save(note, "Action: b\nAction: c\nAction: write to the mayor soon", author)

    now = {one.text: one.id for one in actions(note)}
    assert now == {
        "b": was["b"],
        "c": was["c"],
        "write to the mayor soon": was["write to the mayor"],
    }


def test_line_that_is_gone_ends_its_record(note: Note, author: User) -> None:
    save(note, "Decision: go\nAction: send it", author)

    save(note, "We met.", author)

    assert [one.status for one in decisions(note)] == [DecisionStatus.WITHDRAWN]
    assert [one.state for one in actions(note)] == [ActionState.DROPPED]


def test_line_that_is_back_opens_it_again(note: Note, author: User) -> None:
    save(note, "Decision: go\nAction: send it", author)
    save(note, "We met.", author)

    save(note, "We met.\n\nAction: send it\nDecision: go", author)

    assert [one.status for one in decisions(note)] == [DecisionStatus.ADOPTED]
    assert [one.state for one in actions(note)] == [ActionState.OPEN]


def test_restored_text_opens_its_records_again(note: Note, author: User) -> None:
    save(note, "Action: send it", author)
    first = writing.revision_of(note, 1)
    assert first is not None
    save(note, "", author)

    with write():
        writing.restore(first, note, author)

    assert [(one.text, one.state) for one in actions(note)] == [("send it", ActionState.OPEN)]


def test_numbers_are_not_used_again(note: Note, author: User) -> None:
    save(note, "Action: a", author)
    save(note, "", author)
    save(note, "Action: quite another thing", author)

    assert [one.number for one in actions(note)] == [1, 2]


def test_done_action_stays_done_when_its_line_goes(note: Note, author: User) -> None:
    save(note, "Action: send it", author)
    with write():
        deciding.finish(actions_of(note.note_set)[0], 1)

    save(note, "We met.", author)

    assert [one.state for one in actions(note)] == [ActionState.DONE]


def test_action_that_a_form_dropped_stays_dropped_while_its_line_stays(
    note: Note, author: User
) -> None:
    save(note, "Action: send it", author)
    with write():
        deciding.drop(actions_of(note.note_set)[0], 1)

    save(note, "Action: send it\n\nMore.", author)

    assert [one.state for one in actions(note)] == [ActionState.DROPPED]


def test_after_publication_a_record_outlives_its_line(note: Note, author: User) -> None:
    save(note, "Decision: go", author)
    save(note_at(note.note_set, 2), "Nothing more.", author)
    publish(note.note_set, author)

    save(note, "We met.", author)

    [decision] = decisions(note)
    assert (decision.status, decision.line) == (DecisionStatus.ADOPTED, "")


def test_after_publication_a_line_that_is_back_has_its_old_record(note: Note, author: User) -> None:
    save(note, "Decision: go", author)
    save(note_at(note.note_set, 2), "Nothing more.", author)
    publish(note.note_set, author)
    save(note, "We met.", author)

    save(note, "Decision: go", author)

    assert [one.line for one in decisions(note)] == ["Decision: go"]


def test_form_beats_line_until_the_line_changes(note: Note, author: User) -> None:
    save(note, "Action: send it (Graz)", author)
    [action] = actions(note)
    with write():
        deciding.change_action(
            action, "Send it twice", Owner(label="us"), date(2027, 1, 1), note, 1
        )

    save(note, "Action: send it (Graz)\n\nMore.", author)
    assert texts(actions(note)) == ["Send it twice"]

    save(note, "Action: send it (Bern)\n\nMore.", author)
    [action] = actions(note)
    assert (action.text, action.owner_label) == ("Send it twice", "Bern")
    assert action.due_on == date(2027, 1, 1)


def test_record_that_a_form_counts_to_the_whole_keeps_its_line(note: Note, author: User) -> None:
    save(note, "Action: send it", author)
    with write():
        deciding.change_action(actions_of(note.note_set)[0], "send it", Owner(), None, None, 1)

    save(note, "Action: send it to Graz", author)

    assert [(one.text, one.note_id) for one in actions(note)] == [("send it to Graz", None)]


def test_line_of_a_record_by_a_form_makes_no_second_one(note: Note, author: User) -> None:
    with write():
        deciding.promise(note.note_set, "send it", Owner(label="us"), None, note)

    save(note, "Action: send it", author)

    assert [(one.line, one.owner_label) for one in actions(note)] == [("Action: send it", "us")]


def test_line_taken_to_another_section_takes_its_record_along(note: Note, author: User) -> None:
    other = note_at(note.note_set, 2)
    save(note, "Action: send it", author)
    save(note, "", author)

    save(other, "Action: send it", author)

    assert [(one.note_id, one.state) for one in actions(note)] == [(other.id, ActionState.OPEN)]


def test_same_line_in_two_sections_is_two_records(note: Note, author: User) -> None:
    other = note_at(note.note_set, 2)
    save(note, "Action: send it", author)

    save(other, "Action: send it", author)
    save(other, "Action: send it\n\nMore.", author)

    assert [one.note_id for one in actions(note)] == [note.id, other.id]


def test_ticked_box_is_done_and_unticked_open(note: Note, author: User) -> None:
    save(note, "- [x] Action: a\n- [ ] Action: b", author)
    assert [one.state for one in actions(note)] == [ActionState.DONE, ActionState.OPEN]

    save(note, "- [ ] Action: a\n- [x] Action: b", author)

    assert [one.state for one in actions(note)] == [ActionState.OPEN, ActionState.DONE]
    assert [one.done_at is None for one in actions(note)] == [True, False]


def test_clashing_text_records_nothing_until_it_is_settled(note: Note, author: User) -> None:
    save(note, "Theirs\n\nAction: a", author)

    save(note, "Mine\n\nAction: b", author, base=0)

    assert texts(actions(note)) == ["a"]


def test_day_without_year_follows_the_day_of_the_meeting(note: Note, author: User) -> None:
    met = line_records.day_of(note.note_set.webinar)

    save(note, f"Action: send it by {met.day}.{met.month}.", author)

    assert [one.due_on for one in actions(note)] == [met]


def owners(note: Note) -> list[tuple[int | None, int | None, str, str]]:
    return [(a.owner_user_id, a.owner_city_id, a.owner_label, a.text) for a in actions(note)]


@pytest.mark.parametrize(
    "words", ["Graz", "graz", "GRADEC", "Stadt Gradec", "City of Graz", "graz-at"]
)
def test_city_is_named_in_any_language(words: str, note: Note, author: User) -> None:
    graz = make_city("Graz", names={"en": "Graz", "sl": "Gradec"}, slug="graz-at")

    save(note, f"Action: {words}: send it", author)

    assert owners(note) == [(None, graz.id, "", "send it")]


@pytest.mark.parametrize("words", ["@{handle}", "Eva Månsson", "eva mansson", "Eva", "@Eva"])
@pytest.mark.parametrize("role", ["organiser", "speaker", "participant", "note taker"])
def test_people_of_the_webinar_are_known(words: str, role: str, note: Note, author: User) -> None:
    eva = make_user("Eva Månsson")
    join(note, eva, role)

    save(note, f"AI({words.format(handle=eva.handle)}): send it", author)

    assert owners(note) == [(eva.id, None, "", "send it")]


def join(note: Note, person: User, role: str) -> None:
    webinar = note.note_set.webinar
    if role == "organiser":
        add_organiser(webinar, person)
    elif role == "participant":
        make_registration(webinar, person)
    elif role == "speaker":
        make_speaker(webinar, "Eva M.", user_id=person.id)
    else:
        with write() as session:
            session.add(NoteTaker(webinar_id=webinar.id, user_id=person.id, added_at=utcnow()))


def test_two_people_of_one_name_are_nobody(note: Note, author: User) -> None:
    for _ in range(2):
        make_registration(note.note_set.webinar, make_user("Eva Månsson"))

    save(note, "AI(Eva Månsson): send it\nAI(Eva): call", author)

    assert owners(note) == [
        (None, None, "Eva Månsson", "send it"),
        (None, None, "Eva", "call"),
    ]


def test_who_is_not_of_the_webinar_is_a_role(note: Note, author: User) -> None:
    eva = make_user("Eva Månsson")
    make_registration(note.note_set.webinar, eva, state=RegistrationState.CANCELLED)

    save(note, f"AI @{eva.handle} send it", author)

    assert owners(note) == [(None, None, eva.handle, "send it")]


def test_guest_is_answered_for_by_their_city(note: Note, author: User) -> None:
    graz = make_city("Graz")
    webinar = note.note_set.webinar
    make_registration(webinar, user_id=None, name="Eva Guest", city_id=graz.id, email="e@x.invalid")

    save(note, "AI(Eva Guest): send it", author)

    assert owners(note) == [(None, graz.id, "", "send it")]


def test_several_owners_stay_in_the_text(note: Note, author: User) -> None:
    graz, _bern = make_city("Graz"), make_city("Bern")

    save(note, "Action: send it (Graz and Bern)", author)

    assert owners(note) == [(None, graz.id, "", "send it (Graz and Bern)")]


def test_unknown_name_in_front_of_a_colon_stays_in_the_text(note: Note, author: User) -> None:
    save(note, "Action: Network office: send it", author)

    assert owners(note) == [(None, None, "Network office", "Network office: send it")]


def test_doer_counts_only_when_known(note: Note, author: User) -> None:
    save(note, "AI: Ana López to send it\nAI: Somebody to send it", author)

    assert owners(note) == [
        (author.id, None, "", "Ana López to send it"),
        (None, None, "", "Somebody to send it"),
    ]


def test_what_a_text_recorded_is_told(note: Note, author: User) -> None:
    save(note, "Action: a", author)

    outcome = save(note, "Action: a\nDecision: go\nAction: b\nAction: c", author)

    assert not isinstance(outcome, writing.Clash)
    made = line_records.made_with(outcome.revision)
    assert [one.text for one in made] == ["go", "b", "c"]


def at_once(app: Flask, works: list[Callable[[], None]]) -> list[BaseException]:
    ready, faults = threading.Barrier(len(works)), []

    def go(work: Callable[[], None]) -> None:
        with app.app_context():
            ready.wait()
            try:
                work()
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def saving(note_id: int, author_id: int, body: str, base: int) -> Callable[[], None]:
    html = render(body).html

    def work() -> None:
        with write() as session:
            note, author = session.get_one(Note, note_id), session.get_one(User, author_id)
            writing.save_note(note, body, html, base, author)

    return work


def test_two_editors_with_the_same_line_at_once_make_one_record(
    app: Flask, note: Note, author: User
) -> None:
    save(note, "Top\n\nEnd", author)
    bodies = ["Top\n\nAction: send it\n\nEnd", "Top\n\nAction: send it\n\nEnd\n\nBye"]

    faults = at_once(app, [saving(note.id, author.id, body, 1) for body in bodies])

    assert faults == []
    assert texts(actions(note)) == ["send it"]


def test_numbers_of_many_editors_at_once_are_all_different(
    app: Flask, note: Note, author: User
) -> None:
    sections = [one.id for one in note.note_set.notes]
    works = [
        saving(
            section, author.id, f"Decision: d{section}\nAction: a{section}\nAction: b{section}", 0
        )
        for section in sections
    ]

    faults = at_once(app, works)

    assert faults == []
    assert sorted(one.number for one in actions(note)) == list(range(1, 2 * len(sections) + 1))
    assert sorted(one.number for one in decisions(note)) == list(range(1, len(sections) + 1))
