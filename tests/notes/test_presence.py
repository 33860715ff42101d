"""Who writes where: told to others who may write, forgotten soon."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.notes import note_takers, sectioning
from app.notes.models import NotePresence, NoteSet
from tests.factories import make_group, make_user
from tests.factories_notes import make_notes, note_at, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
NAME = "Policy adviser, Graz"


@pytest.fixture
def organiser(app: Flask) -> User:
    return make_organiser()


@pytest.fixture
def note_set(organiser: User) -> NoteSet:
    return make_notes(organiser, ("Welcome", "Counting"))


@pytest.fixture
def taker(note_set: NoteSet, organiser: User) -> User:
    taker = make_user(NAME)
    with write():
        note_takers.name_note_taker(note_set.webinar, taker, organiser)
    return taker


def url(note_set: NoteSet) -> str:
    return f"/webinars/{note_set.webinar_id}/notes/presence"


def beat(browser: FlaskClient, note_set: NoteSet, section: Any = "") -> Any:
    answer = browser.post(url(note_set), json={"section": section})
    assert answer.status_code == 200
    return answer.json


def said(told: Any) -> list[str]:
    return [section["said"] for section in told["sections"]]


def test_others_hear_who_writes_where(
    note_set: NoteSet, organiser: User, taker: User, client_for: SignIn
) -> None:
    note = note_at(note_set, 1)
    save(note, "Words", organiser)
    theirs = beat(client_for(taker), note_set, note.id)

    told = beat(client_for(organiser), note_set)

    assert said(theirs) == ["", "", ""]
    assert said(told) == ["", f"{NAME} is editing this part.", ""]
    assert [section["head"] for section in told["sections"]] == [0, 1, 0]
    assert told["here"] == f"Also here: {NAME}"


def test_two_who_write_in_one_section_are_one_sentence(
    note_set: NoteSet, organiser: User, taker: User, client_for: SignIn
) -> None:
    other = make_user("Clerk, Lund")
    with write():
        note_takers.name_note_taker(note_set.webinar, other, organiser)
    for person in (taker, other):
        beat(client_for(person), note_set, note_at(note_set, 1).id)

    told = beat(client_for(organiser), note_set)

    assert said(told)[1] == f"{NAME} and 1 other person are editing this part."


def test_who_is_silent_for_a_minute_is_forgotten(
    note_set: NoteSet, organiser: User, taker: User, client_for: SignIn
) -> None:
    here, there = client_for(organiser), client_for(taker)
    with time_machine.travel(utcnow(), tick=False) as clock:
        beat(there, note_set, note_at(note_set, 1).id)
        clock.shift(timedelta(seconds=59))
        before = beat(here, note_set)["here"]
        clock.shift(timedelta(seconds=2))
        after = beat(here, note_set)["here"]

    assert (before, after) == (f"Also here: {NAME}", "")


def test_who_leaves_is_gone_at_once(
    note_set: NoteSet, organiser: User, taker: User, client_for: SignIn
) -> None:
    there = client_for(taker)
    beat(there, note_set)

    left = there.post(url(note_set), json={"left": 1})

    assert left.status_code == 204
    assert db.session.scalars(sa.select(NotePresence)).all() == []


def test_a_removed_section_is_not_among_them(
    note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    with write():
        own = sectioning.add_section(note_set, "Mine")
    with write():
        sectioning.remove_section(own, organiser)

    told = beat(client_for(organiser), note_set, own.id)

    assert own.id not in [section["id"] for section in told["sections"]]


@pytest.mark.parametrize("section", ["", None, "x", -1, 2**63, "٣", ["1"], {"a": 1}])
def test_odd_numbers_are_no_section(
    note_set: NoteSet, organiser: User, client_for: SignIn, section: Any
) -> None:
    beat(client_for(organiser), note_set, section)

    assert db.session.scalars(sa.select(NotePresence.note_id)).all() == [None]


def test_only_those_who_write_are_told(
    note_set: NoteSet, client: FlaskClient, client_for: SignIn
) -> None:
    group = make_group(slug="closed-circle")
    hidden = make_notes(visibility=Visibility.HIDDEN, group_id=group.id)
    member = client_for(make_user())

    answers = [
        client.post(url(note_set), json={}),
        member.post(url(note_set), json={}),
        member.post(url(hidden), json={}),
    ]

    assert [answer.status_code for answer in answers] == [302, 403, 404]
    assert db.session.scalars(sa.select(NotePresence)).all() == []


def test_a_page_that_asks_too_often_waits(
    app: Flask, note_set: NoteSet, organiser: User, client_for: SignIn
) -> None:
    browser = client_for(organiser)
    app.config["REQUEST_LIMITS"] = True
    try:
        codes = {browser.post(url(note_set), json={}).status_code for _ in range(31)}
    finally:
        app.config["REQUEST_LIMITS"] = False

    assert codes == {200, 429}


def test_a_beat_needs_as_many_statements_with_many_sections_and_people(
    organiser: User,
    client_for: SignIn,
    count_statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def statements(how_many: int) -> int:
        note_set = make_notes(organiser, tuple(f"Item {n}" for n in range(how_many)))
        note_id = note_at(note_set, 1).id
        address = url(note_set)
        people = [make_user() for _number in range(how_many)]
        with write() as session:
            for person in people:
                key = {"note_set_id": note_set.id, "user_id": person.id}
                session.add(NotePresence(**key, note_id=note_id, seen_at=utcnow()))
        browser = client_for(organiser)
        beat(browser, note_set)
        with count_statements() as found:
            assert browser.post(address, json={"section": note_id}).status_code == 200
        return len(found)

    assert (statements(1), statements(5)) == (10, 10)
