"""How far people are named: the strictest promise counts, in every kind of words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.seating import give_seat
from app.core.audit import AuditEntry
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Attribution
from app.network.enums import OrganisationKind
from app.network.models import Organisation
from app.notes import deciding, naming
from app.notes.contents import actions_of
from app.notes.deciding import Owner
from app.notes.enums import Naming
from app.notes.errors import NamingTooOpen
from app.notes.models import Action, NoteSet
from tests.factories import make_city, make_user
from tests.factories_notes import make_notes
from tests.factories_webinars import make_organiser, make_registration, make_speaker

PERSON, CITY, ACTOR, NOBODY = Naming
OPEN, NETWORK, CHATHAM = Attribution


@pytest.mark.parametrize(
    ("chosen", "before", "now", "inside", "public"),
    [
        (PERSON, OPEN, OPEN, PERSON, PERSON),
        (PERSON, NETWORK, OPEN, PERSON, CITY),
        (PERSON, OPEN, NETWORK, PERSON, CITY),
        (ACTOR, NETWORK, NETWORK, ACTOR, ACTOR),
        (CITY, OPEN, OPEN, CITY, CITY),
        (PERSON, CHATHAM, OPEN, NOBODY, NOBODY),
        (PERSON, OPEN, CHATHAM, NOBODY, NOBODY),
        (NOBODY, OPEN, OPEN, NOBODY, NOBODY),
    ],
)
def test_strictest_promise_counts(
    app: Flask,
    chosen: Naming,
    before: Attribution,
    now: Attribution,
    inside: Naming,
    public: Naming,
) -> None:
    note_set = make_notes(attribution=before)
    with write():
        note_set.naming, note_set.webinar.attribution = chosen, now

    found = naming.naming_of(note_set, public=False), naming.naming_of(note_set, public=True)
    assert found == (inside, public)


def words(person: naming.Person) -> list[str]:
    return [naming.person_words(person, one) for one in Naming]


def test_person_of_a_city_is_told_by_name_city_kind_or_not_at_all(app: Flask) -> None:
    person = make_user("Housing officer", make_city("Lund"))

    assert words(person) == ["Housing officer", "Lund", "a city", "a participant"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (OrganisationKind.UNIVERSITY, "a university"),
        (OrganisationKind.CIVIL_SOCIETY, "civil society"),
        (OrganisationKind.AGENCY, "a public agency"),
        (OrganisationKind.NETWORK, "a network"),
        (OrganisationKind.MUNICIPALITY, "a city"),
    ],
)
def test_other_bodies_are_told_by_their_kind_alone(
    app: Flask, kind: OrganisationKind, told: str
) -> None:
    """There is one university in most cities: its name would be the person's."""
    person = make_user("Researcher")
    with write() as session:
        body = Organisation(
            slug="centre", names={"en": "Centre of rights"}, kind=kind, created_at=utcnow()
        )
        session.add(body)
        session.flush()
        give_seat(person, body)

    assert words(person) == ["Researcher", told, told, "a participant"]


def test_guests_come_from_what_they_wrote(app: Flask) -> None:
    webinar, lund = make_notes().webinar, make_city("Lund")
    plain = {"user_id": None, "name": "Guest"}
    of_member = make_registration(webinar, None, city_id=lund.id, **plain)
    elsewhere = make_registration(webinar, None, city_label="York", **plain)
    nowhere = make_registration(webinar, None, **plain)

    assert words(of_member) == ["Guest", "Lund", "a city", "a participant"]
    assert words(elsewhere) == ["Guest", "York", "a city", "a participant"]
    assert words(nowhere) == ["Guest", "a participant", "a participant", "a participant"]


def test_speakers_come_from_the_seat_of_their_account(app: Flask) -> None:
    webinar = make_notes().webinar
    person = make_user("Planner", make_city("Lund"))
    known = make_speaker(webinar, "Planner", user_id=person.id)
    unknown = make_speaker(webinar, "Visitor from afar", affiliation="Ministry")

    assert words(known) == ["Planner", "Lund", "a city", "a participant"]
    assert words(unknown) == ["Visitor from afar", *["a participant"] * 3]


def make_action(note_set: NoteSet, owner: Owner) -> Action:
    with write():
        return deciding.promise(note_set, "Write it down", owner, None)


def test_owners_are_told_as_people_are(app: Flask) -> None:
    note_set, lund = make_notes(), make_city("Lund")
    person = make_user("Housing officer", lund)
    owners = [Owner(user=person), Owner(city=lund), Owner(label="network office"), Owner()]
    for owner in owners:
        make_action(note_set, owner)
    actions = actions_of(note_set)

    told = [[naming.owner_words(action, one) for action in actions] for one in Naming]

    assert told == [
        ["Housing officer", "Lund", "network office", ""],
        ["Lund", "Lund", "network office", ""],
        ["a city", "a city", "network office", ""],
        ["a participant", "a participating city", "network office", ""],
    ]


@pytest.mark.parametrize("count", [1, 10])
def test_owners_of_a_list_take_few_statements(
    app: Flask, count_statements: Callable[[], Any], count: int
) -> None:
    note_set, lund = make_notes(), make_city("Lund")
    for number in range(count):
        make_action(note_set, Owner(user=make_user(f"Officer {number}", lund)))
    set_id = note_set.id
    with write():
        note_set.naming = CITY
    db.session.rollback()
    db.session.expunge_all()
    actions = actions_of(db.session.scalars(select(NoteSet).where(NoteSet.id == set_id)).one())

    with count_statements() as statements:
        naming.load_owners(actions)
        told = {naming.owner_words(action, CITY) for action in actions}

    assert (told, len(statements)) == ({"Lund"}, 4)


def organiser_and_notes(attribution: Attribution) -> tuple[User, NoteSet]:
    organiser = make_organiser()
    return organiser, make_notes(organiser, attribution=attribution)


@pytest.mark.parametrize(
    ("attribution", "choices"),
    [(OPEN, [PERSON, CITY, ACTOR, NOBODY]), (NETWORK, [PERSON, CITY, ACTOR, NOBODY]),
     (CHATHAM, [NOBODY])],
)  # fmt: skip
def test_no_choice_is_more_open_than_the_promise(
    app: Flask, attribution: Attribution, choices: list[Naming]
) -> None:
    organiser, note_set = organiser_and_notes(attribution)

    assert naming.choices_for(note_set) == choices
    for one in set(Naming) - set(choices):
        with pytest.raises(NamingTooOpen), write():
            naming.choose(note_set, one, organiser)


def test_choice_is_written_down_once(app: Flask) -> None:
    organiser, note_set = organiser_and_notes(OPEN)
    for _again in range(2):
        with write():
            naming.choose(note_set, ACTOR, organiser)

    lines = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "notes.naming")).all()
    assert [(line.actor_id, line.details) for line in lines] == [
        (organiser.id, {"before": "person", "after": "actor"})
    ]
    assert note_set.naming == ACTOR


def test_every_choice_has_its_words(app: Flask) -> None:
    assert len({naming.naming_words(one) for one in Naming}) == 4
