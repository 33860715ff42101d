"""What was promised, on the pages of cities, of webinars, and of what the network knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, writing
from app.notes.deciding import Owner
from app.notes.enums import NotesStatus
from app.notes.models import Action, NoteSet
from tests.factories import make_city, make_group, make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2027-02-01T08:15:00+00:00") as traveller:
        yield traveller


def promised(owner: Owner, *texts: str, closed: str = "", **changes: Any) -> NoteSet:
    """Published notes of a webinar that is over; actions are due one day after the other."""
    organiser = make_organiser()
    notes = make_notes(organiser, ("Welcome", "Hard"), starts_in=timedelta(days=-20), **changes)
    for position in (1, 2):
        save(note_at(notes, position), "Written.", organiser)
    with write():
        writing.describe(note_at(notes, 2), is_for_practitioners=True, is_treated=True)
        for number, text in enumerate(texts):
            deciding.promise(notes, text, owner, date(2027, 3, 1 + number))
        if closed:
            deciding.promise(notes, closed, owner, date(2027, 3, 1), note_at(notes, 2))
    publish(notes, organiser)
    return notes


def of_city(client: FlaskClient, slug: str = "graz") -> list[str]:
    page = client.get(f"/cities/{slug}").text
    return re.findall(r'<p class="register__text"[^>]*>([^<]*)</p>', page)


def finish(notes: NoteSet, text: str) -> None:
    with write() as session:
        one = session.query(Action).filter_by(note_set_id=notes.id, text=text).one()
        deciding.finish(one, one.lock_version)


def test_city_shows_what_it_promised_open_ones_first(client: FlaskClient) -> None:
    graz = make_city("Graz")
    assert "What this city takes on in webinars" in client.get("/cities/graz").text
    notes = promised(Owner(city=graz), "First", "Second", "Third")
    promised(Owner(city=make_city("York")), "Of York")
    assert of_city(client) == ["First", "Second", "Third"]

    finish(notes, "First")
    assert of_city(client) == ["Second", "Third", "First"]

    page = client.get("/cities/graz").text
    assert f'href="/webinars/{notes.webinar_id}/summary#a-2027-001"' in page
    assert "It is done" not in page


def test_city_shows_ten_and_leads_to_the_others(client: FlaskClient) -> None:
    graz = make_city("Graz")
    promised(Owner(city=graz), *(f"No {number}" for number in range(10)))
    assert "/actions?city=graz" not in client.get("/cities/graz").text
    promised(Owner(city=graz), "One more")

    assert len(of_city(client)) == 10
    assert 'href="/actions?city=graz"' in client.get("/cities/graz").text


def test_city_shows_each_reader_what_is_theirs(client: FlaskClient, client_for: SignIn) -> None:
    graz = make_city("Graz")
    insider = make_user()
    circle = make_group(insider, slug="circle")
    hidden = make_topic("secret", visibility=Visibility.HIDDEN)
    owner = Owner(city=graz)
    promised(owner, "Open", closed="Hard part")
    promised(owner, "Network", visibility=Visibility.NETWORK)
    promised(owner, "Circle", visibility=Visibility.CLOSED, group_id=circle.id)
    promised(owner, "Hidden topic", topic_id=hidden.id)
    promised(owner, "Chatham", attribution=Attribution.CHATHAM_HOUSE)
    back = promised(owner, "Taken back")
    with write() as session:
        session.get_one(NoteSet, back.id).status = NotesStatus.DRAFT

    assert sorted(of_city(client)) == ["Open"]
    assert sorted(of_city(client_for(make_user(approved_at=None)))) == ["Open"]
    assert sorted(of_city(client_for(make_user()))) == ["Network", "Open"]
    assert sorted(of_city(client_for(insider))) == ["Circle", "Network", "Open"]
    assert sorted(of_city(client_for(make_user()))) == ["Network", "Open"]


def test_overdue_is_said_from_the_day_after(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    promised(Owner(city=make_city("Graz")), "First")
    clock.move_to("2027-03-01T10:00:00+00:00")
    today = [">Overdue<" in client.get(address).text for address in ("/cities/graz", "/knowledge")]
    clock.move_to("2027-03-02T10:00:00+00:00")

    later = [">Overdue<" in client.get(address).text for address in ("/cities/graz", "/knowledge")]

    assert (today, later) == ([False, False], [True, True])


def test_webinar_says_how_much_is_done(client: FlaskClient, client_for: SignIn) -> None:
    notes = promised(Owner(label="the office"), "One", "Two", "Given up", closed="Hard part")
    title = f"/webinars/{notes.webinar_id}-counting-together"

    def said(reader: FlaskClient) -> str:
        found = re.search(r"What was promised here: [^<]*", reader.get(title).text)
        return found[0] if found else ""

    assert said(client) == "What was promised here: 0 of 3 done"
    finish(notes, "One")
    with write() as session:
        one = session.query(Action).filter_by(text="Given up").one()
        deciding.drop(one, one.lock_version)
    assert [said(reader) for reader in (client, client_for(make_user()))] == [
        "What was promised here: 1 of 2 done"
    ] * 2
    assert f'href="/actions?webinar={notes.webinar_id}"' in client.get(title).text
    with write() as session:
        session.get_one(NoteSet, notes.id).status = NotesStatus.DRAFT
    assert said(client) == ""


def test_webinar_without_promises_says_nothing_of_them(client: FlaskClient) -> None:
    notes = promised(Owner(label="the office"))

    page = client.get(f"/webinars/{notes.webinar_id}-counting-together").text

    assert ("Read the summary" in page, "What was promised here" in page) == (True, False)


def test_register_of_one_webinar(client: FlaskClient) -> None:
    here = promised(Owner(label="the office"), "Here")
    promised(Owner(label="the office"), "There")

    page = client.get(f"/actions?webinar={here.webinar_id}").text

    assert re.findall(r'register__text"[^>]*>([^<]*)', page) == ["Here"]
    assert f'<input type="hidden" name="webinar" value="{here.webinar_id}">' in page


def test_knowledge_shows_the_newest_and_leads_to_all(client: FlaskClient) -> None:
    notes = promised(Owner(label="the office"), *(f"Do {number:02}" for number in range(12)))
    with write():
        for number in range(7):
            deciding.decide(notes, f"Decide {number}")
    publish(notes, db.session.query(User).first(), "More")

    page = client.get("/knowledge").text

    assert re.findall(r"Decide \d", page) == [f"Decide {number}" for number in (6, 5, 4, 3, 2)]
    assert re.findall(r"Do \d\d", page) == [f"Do {number:02}" for number in range(10)]
    assert ('href="/decisions"' in page, 'href="/actions"' in page) == (True, True)
