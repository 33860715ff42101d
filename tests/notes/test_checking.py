"""What stands against publishing: gaps, open corrections, names; and what is only a doubt."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Attribution
from app.notes import checking, correcting, deciding, publishing, writing
from app.notes.deciding import Owner
from app.notes.enums import Naming
from app.notes.errors import NotReadyToPublish
from app.notes.models import NoteSet
from app.notes.proposing import Proposer
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_registrations import make_registration
from tests.factories_reviews import make_review, propose
from tests.factories_webinars import make_organiser, make_speaker

DUE = date(2026, 12, 1)
STRICT = [
    {"attribution": Attribution.CHATHAM_HOUSE},
    {"attribution": Attribution.NETWORK},
]


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser("Rights and diversity officer")


def found(note_set: NoteSet) -> list[tuple[str, str]]:
    return [(gap.sentence, gap.anchor) for gap in checking.gaps(note_set)]


def test_open_corrections_wait_for_an_answer(organiser: User) -> None:
    note_set = make_review(organiser)
    correction = propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    before = found(note_set)
    with pytest.raises(NotReadyToPublish), write():
        publishing.publish(note_set, organiser)
    with write():
        correcting.reject(correction, 1, "No.", organiser)

    assert before == [("1 correction waits for an answer.", "corrections")]
    assert found(note_set) == []


def test_corrections_of_a_removed_section_wait_for_nobody(organiser: User) -> None:
    note_set = make_review(organiser)
    propose(note_at(note_set, 1), "Rents fell.", Proposer(make_user()))
    with write():
        note_at(note_set, 1).removed_at = utcnow()

    assert found(note_set) == []


@pytest.mark.parametrize("changes", STRICT)
@pytest.mark.parametrize("whose", ["guest", "speaker", "organiser", "owner"])
def test_a_name_in_the_text_is_said_with_its_place(
    organiser: User, changes: dict[str, Attribution], whose: str
) -> None:
    note_set = make_notes(organiser, **changes)
    names = {"guest": "Anna Example", "speaker": "Olga Speaker", "owner": "Otto Owner",
             "organiser": "Rights and diversity officer"}  # fmt: skip
    make_registration(note_set.webinar, name=names["guest"])
    make_speaker(note_set.webinar, names["speaker"])
    owner = Owner(user=make_user(names["owner"]))
    with write():
        deciding.promise(note_set, "Call the landlords", owner, DUE)
    name = names[whose]
    save(note_at(note_set, 1), f"Rents rose, said {name.replace(' ', chr(10))}, again.", organiser)

    sentence = f"“Welcome” names {name}, who was promised not to be named."
    assert found(note_set) == [(sentence, "note-1")]


@pytest.mark.parametrize("whose", ["attendee", "speaker", "organiser", "owner"])
def test_a_mention_names_somebody_too(organiser: User, whose: str) -> None:
    note_set = make_notes(organiser, attribution=Attribution.CHATHAM_HOUSE)
    people = {name: make_user(name.title(), handle=f"the-{name}") for name in ("attendee", "owner")}
    people |= {"speaker": make_user("Speaks", handle="the-speaker"), "organiser": organiser}
    make_registration(note_set.webinar, user_id=people["attendee"].id)
    make_speaker(note_set.webinar, "Speaks", user_id=people["speaker"].id)
    with write():
        deciding.promise(note_set, "Call the landlords", Owner(user=people["owner"]), DUE)
    handle = people[whose].handle

    said = {}
    for text in (f"Said @{handle.upper()}.", f"Said {handle}.", f"Said @{handle}-2, a@{handle}."):
        save(note_at(note_set, 1), text, organiser)
        said[text] = found(note_set)

    sentence = f"“Welcome” names @{handle}, who was promised not to be named."
    assert list(said.values()) == [[(sentence, "note-1")], [], []]


def test_names_are_looked_for_in_everything_that_is_handed_out(organiser: User) -> None:
    note_set = make_notes(organiser, attribution=Attribution.CHATHAM_HOUSE)
    make_registration(note_set.webinar, name="Anna Example")
    save(note_at(note_set, 1), "Nothing.", organiser)
    with write():
        note_set.at_a_glance = "Anna Example opened."
        decision = deciding.decide(note_set, "Ask Anna Example")
        action = deciding.promise(note_set, "Write", Owner(label="Anna Example"), DUE)

    assert [anchor for _sentence, anchor in found(note_set)] == [
        "glance-h",
        f"decision-{decision.id}",
        f"action-{action.id}",
    ]


@pytest.mark.parametrize(
    "text", ["Annabel Example", "anna example", "Anna", "Example, Anna", "Joanna Example"]
)
def test_other_words_are_nobodys_name(organiser: User, text: str) -> None:
    note_set = make_notes(organiser, attribution=Attribution.CHATHAM_HOUSE)
    make_registration(note_set.webinar, name="Anna Example")
    make_registration(note_set.webinar, name="Anna")
    make_registration(note_set.webinar, name="  ")
    save(note_at(note_set, 1), f"So said {text} today.", organiser)

    assert found(note_set) == []


def test_open_notes_may_name_everybody(organiser: User) -> None:
    note_set = make_notes(organiser)
    make_registration(note_set.webinar, name="Anna Example")
    save(note_at(note_set, 1), "So said Anna Example.", organiser)
    before = found(note_set)
    with write():
        note_set.naming = Naming.CITY

    assert before == []
    assert len(found(note_set)) == 1


def test_inside_the_network_only_public_parts_name_nobody(organiser: User) -> None:
    note_set = make_notes(organiser, ("Welcome", "Inside"), attribution=Attribution.NETWORK)
    make_registration(note_set.webinar, name="Anna Example")
    for position in (1, 2):
        save(note_at(note_set, position), "So said Anna Example.", organiser)
    with write():
        writing.describe(note_at(note_set, 2), is_for_practitioners=True, is_treated=True)

    assert [anchor for _sentence, anchor in found(note_set)] == ["note-1"]


@pytest.mark.parametrize(("naming", "count"), [(Naming.NOBODY, 2), (Naming.CITY, 0)])
def test_a_city_is_a_doubt_where_nobody_is_told(
    organiser: User, naming: Naming, count: int
) -> None:
    note_set = make_notes(organiser)
    city = make_city("Lund")
    make_registration(note_set.webinar, city_id=city.id, city_label="")
    make_registration(note_set.webinar, city_label="York")
    save(note_at(note_set, 1), "It works in Lund and York, not in Yorkshire.", organiser)
    with write():
        note_set.naming = naming

    doubts = [(one.sentence, one.anchor) for one in checking.doubts(note_set)]

    assert found(note_set) == []
    assert (
        doubts
        == [
            ("“Welcome” names Lund. Does it tell who said something?", "note-1"),
            ("“Welcome” names York. Does it tell who said something?", "note-1"),
        ][:count]
    )


def test_removed_items_need_no_text(organiser: User) -> None:
    note_set = make_notes(organiser)
    before = len(found(note_set))
    with write():
        note_at(note_set, 1).removed_at = utcnow()

    assert (before, found(note_set)) == (1, [])
