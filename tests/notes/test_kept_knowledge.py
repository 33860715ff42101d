"""What the network knows is kept for all who reach the same, and changes with what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import GroupMember, User
from app.core.db import write
from app.core.enums import Visibility
from app.notes import deciding, writing
from app.notes.deciding import Owner
from app.notes.models import NoteSet
from app.webinars.models import WebinarOrganiser
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


def noted(organiser: User, owner: Owner, **changes: Any) -> NoteSet:
    """Published notes with a promise, and a decision of the practitioners' part."""
    note_set = make_notes(organiser, ("Welcome", "Hardest partner"), **changes)
    save(note_at(note_set, 1), "Everybody met.", organiser)
    save(note_at(note_set, 2), "It was hard.", organiser)
    with write():
        writing.describe(note_at(note_set, 2), is_for_practitioners=True, is_treated=True)
        deciding.promise(note_set, "Send a record", owner, date(2026, 12, 1))
        deciding.decide(note_set, "Meet behind doors", note_at(note_set, 2))
    publish(note_set, organiser)
    return note_set


def change(entity: Any, **values: Any) -> None:
    with write() as session:
        for name, value in values.items():
            setattr(session.get(type(entity), entity.id), name, value)


def test_what_is_said_changes_at_once(client_for: SignIn, client: FlaskClient) -> None:
    topic = make_topic("housing", names={"en": "Housing"})
    person, graz = make_user("Housing officer"), make_city("Graz")
    note_set = noted(make_organiser(), Owner(user=person), topic_id=topic.id)
    noted(make_organiser(), Owner(city=graz))
    readers = [client, client_for(make_user())]

    def said(*words: str) -> list[list[bool]]:
        pages = [reader.get("/knowledge").text for reader in readers]
        return [[one in page for one in words] for page in pages]

    before = ("Housing officer", "<h3>Graz</h3>", ">Housing<", "Counting together", "Send a record")
    assert said(*before) == [[True] * 5] * 2
    change(person, display_name="Homes officer")
    change(graz, names={"en": "Gradec"})
    change(topic, names={"en": "Homes"})
    change(note_set.webinar, title="Counting alone")
    after = ("Housing officer", "Homes officer", "<h3>Gradec</h3>", ">Homes<", "Counting alone")
    assert said(*after) == [[False, True, True, True, True]] * 2
    change(note_set.webinar, visibility=Visibility.NETWORK)
    assert said("Counting alone", "Homes officer") == [[False, False], [True, True]]
    change(topic, visibility=Visibility.HIDDEN)
    assert said("Counting alone", "Homes officer") == [[False, False]] * 2


def test_the_practitioners_part_goes_with_whoever_leaves(
    client_for: SignIn, client: FlaskClient
) -> None:
    organiser, practitioner = make_organiser(), make_user()
    make_group(practitioner)
    noted(organiser, Owner(label="The office"))
    admin = make_user(role=SiteRole.ADMIN)
    people = (organiser, practitioner, admin, make_user())
    readers = [client, *(client_for(person) for person in people)]

    def seen() -> list[bool]:
        return ["Meet behind doors" in reader.get("/knowledge").text for reader in readers]

    assert seen() == [False, True, True, True, False]
    with write() as session:
        session.execute(sa.delete(GroupMember).where(GroupMember.user_id == practitioner.id))
    assert seen() == [False, True, False, True, False]
    with write() as session:
        session.execute(sa.delete(WebinarOrganiser).where(WebinarOrganiser.user_id == organiser.id))
    change(admin, role=SiteRole.MEMBER)
    assert seen() == [False] * 5


def test_pages_are_kept_apart(client_for: SignIn) -> None:
    organiser = make_organiser()
    for number in range(21):
        note_set = make_notes(organiser, title=f"Meeting {number}.")
        save(note_at(note_set, 1), "Everybody met.", organiser)
        publish(note_set, organiser)
    browser = client_for(make_user())

    pages = [browser.get(f"/knowledge{asked}").text for asked in ("", "?page=2", "?page=9", "")]

    assert [("Meeting 20." in page, "Meeting 0." in page) for page in pages] == [
        (True, False),
        (False, True),
        (False, True),
        (True, False),
    ]
