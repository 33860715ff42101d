"""The registers of decisions and actions: who finds what, by which filters, as page and table."""

from __future__ import annotations

import csv
import json
import re
import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.enums import SiteRole
from app.accounts.models import GroupMember, User
from app.core.db import db, write
from app.core.enums import Attribution, Visibility
from app.notes import deciding, promising, writing
from app.notes.contents import actions_of, decisions_of, versions_of
from app.notes.deciding import Owner
from app.notes.enums import ActionState, DecisionStatus, Naming, NotesStatus
from app.notes.models import Action, NoteSet
from tests.factories import make_city, make_group, make_seat, make_topic, make_user
from tests.factories_notes import make_notes, note_at, publish, save
from tests.factories_webinars import make_organiser

SignIn = Callable[[User], FlaskClient]
Record = tuple[str, dict[str, Any]]

HOSTILE = ["%00", "%ff", "a" * 10_000, "%F0%9F%8E%A5", "%E2%80%AErtl", "'%20or%201=1--", "-1",
           "1e9", "%25", "_", "[]", "A-9999-99999999999999999999", "9" * 400]  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel("2027-02-01T08:15:00+00:00") as traveller:
        yield traveller


def noted(
    *made: Record,
    organiser: User | None = None,
    published: bool = True,
    naming: Naming = Naming.PERSON,
    **changes: Any,
) -> NoteSet:
    """Notes with records. Part 2 is for practitioners: `note=2` puts a record there."""
    organiser = organiser or make_organiser()
    notes = make_notes(organiser, ("Welcome", "Hard"), starts_in=timedelta(days=-20), **changes)
    for position in (1, 2):
        save(note_at(notes, position), "Written.", organiser)
    with write() as session:
        session.get_one(NoteSet, notes.id).naming = naming
        writing.describe(note_at(notes, 2), is_for_practitioners=True, is_treated=True)
        for words, values in made:
            keep(notes, words, **values)
    if published:
        publish(notes, organiser)
    with write():
        take_back(notes, {words for words, values in made if is_taken_back(values)})
    return notes


def is_taken_back(values: dict[str, Any]) -> bool:
    now = (values.get("status"), values.get("state"))
    return now in {(DecisionStatus.WITHDRAWN, None), (None, ActionState.DROPPED)}


def take_back(notes: NoteSet, words: set[str]) -> None:
    for one in decisions_of(notes):
        if one.text in words:
            deciding.withdraw(one, one.lock_version)
    for one in actions_of(notes):
        if one.text in words:
            deciding.drop(one, one.lock_version)


def keep(
    notes: NoteSet, words: str, owner: Owner | None = None, note: int | None = None, **values: Any
) -> None:
    place = note_at(notes, note) if note else None
    if values.get("status"):
        was = DecisionStatus.ADOPTED if is_taken_back(values) else values["status"]
        deciding.decide(notes, words, place, was)
        return
    due = values.get("due", date(2027, 3, 1))
    action = deciding.promise(notes, words, owner or Owner(label="the office"), due, place)
    if values.get("state") == ActionState.DONE:
        deciding.finish(action, action.lock_version)


def action(words: str, **values: Any) -> Record:
    return words, values


def decision(words: str, status: DecisionStatus = DecisionStatus.ADOPTED, **values: Any) -> Record:
    return words, {"status": status, **values}


def listed(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.findall(r'<p class="register__text"[^>]*>([^<]*)</p>', answer.text)


def rows(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def in_table(client: FlaskClient, address: str) -> list[str]:
    return [row[1] for row in rows(client, address)[1:]]


def test_each_reader_finds_what_is_theirs_and_nothing_else(
    client: FlaskClient, client_for: SignIn
) -> None:
    organiser, group = make_organiser(), make_group(slug="practitioners")
    insider = make_user()
    circle = make_group(insider, slug="circle")
    practitioner = make_user()
    with write() as session:
        session.add(GroupMember(group_id=group.id, user_id=practitioner.id))
    closed = {"visibility": Visibility.CLOSED, "group_id": circle.id}
    hidden = make_topic("secret", visibility=Visibility.HIDDEN)
    for kind in (action, decision):
        noted(kind("open"), kind("hard part", note=2), organiser=organiser)
        noted(kind("network"), visibility=Visibility.NETWORK)
        noted(kind("circle"), **closed)
        noted(kind("hidden topic"), topic_id=hidden.id)
        noted(kind("draft"), organiser=organiser, published=False)
        taken_back = noted(kind("taken back"), organiser=organiser)
        later = noted(organiser=organiser)
        with write() as session:
            session.get_one(NoteSet, taken_back.id).status = NotesStatus.DRAFT
            keep(later, "after the publication", **kind("")[1])

    member = ["network", "open"]
    everything = ["circle", "hard part", "hidden topic", "network", "open"]
    readers = [
        (client, ["open"]),
        (client_for(make_user(approved_at=None)), ["open"]),
        (client_for(make_user()), member),
        (client_for(practitioner), ["hard part", *member]),
        (client_for(insider), ["circle", *member]),
        (client_for(organiser), ["hard part", *member]),
    ]
    for reader, expected in readers:
        for register in ("decisions", "actions"):
            assert sorted(listed(reader, f"/{register}")) == expected
            assert sorted(in_table(reader, f"/{register}.csv")) == expected
    admin = client_for(make_user(role=SiteRole.ADMIN))
    assert [one for one in sorted(listed(admin, "/actions")) if one not in everything] == []
    assert "draft" not in listed(admin, "/actions")


def test_decisions_are_narrowed_by_what_the_address_says(client: FlaskClient) -> None:
    housing = make_topic("housing", names={"en": "Housing"})
    noted(decision("Count homes"), decision("Ask 100% of them", DecisionStatus.PROPOSED),
          topic_id=housing.id)  # fmt: skip
    with time_machine.travel("2026-05-01"):
        noted(decision("Old one"), decision("Taken back", DecisionStatus.WITHDRAWN))

    everything = ["Ask 100% of them", "Count homes", "Taken back", "Old one"]
    expected = {
        "": everything,
        "topic=housing": everything[:2],
        "year=2026": everything[2:],
        "status=withdrawn": ["Taken back"],
        "q=count": ["Count homes"],
        "q=100%25": ["Ask 100% of them"],
        "q=2027-001": ["Count homes"],
        "q=d-2026-002": ["Taken back"],
        "q=A-2026-002": ["Taken back"],
        "year=x": everything,
        "status=x": everything,
        "topic=housing&status=proposed&year=2027&q=ask": ["Ask 100% of them"],
    }
    found = {address: listed(client, f"/decisions?{address}") for address in expected}

    assert found == expected
    assert in_table(client, "/decisions.csv?topic=housing&q=count") == ["Count homes"]


def test_what_was_taken_back_before_anybody_read_it_was_never_there(client: FlaskClient) -> None:
    """Not in the registers and in no version, also not in a later one."""
    notes = noted(decision("Read"), action("Promised"), published=False)
    with write():
        deciding.decide(notes, "A slip")
        keep(notes, "Another")
        take_back(notes, {"A slip", "Another"})
    organiser = make_organiser()
    publish(notes, organiser)
    with write():
        take_back(notes, {"Read", "Promised"})
    publish(notes, organiser, "They no longer hold")

    assert (listed(client, "/decisions"), listed(client, "/actions")) == (["Read"], ["Promised"])
    assert (in_table(client, "/decisions.csv"), in_table(client, "/actions.csv")) == (
        ["Read"],
        ["Promised"],
    )
    newest = versions_of(notes)[0]
    for document in (newest.document, newest.public_document):
        texts = json.dumps(document)
        assert [one in texts for one in ("Read", "Promised", "A slip", "Another")] == [
            True,
            True,
            False,
            False,
        ]


def test_actions_are_narrowed_and_what_is_to_do_stands_soonest_first(client: FlaskClient) -> None:
    graz, york = make_city("Graz"), make_city("York")
    noted(
        action("Late", owner=Owner(city=graz), due=date(2027, 1, 31)),
        action("Today", owner=Owner(city=york), due=date(2027, 2, 1)),
        action("Soon", owner=Owner(city=graz), due=date(2027, 2, 2)),
        action("Done late", owner=Owner(city=graz), due=date(2027, 1, 1), state=ActionState.DONE),
        action("Given up", state=ActionState.DROPPED),
        action("Later", due=date(2027, 12, 1)),
    )

    def found(address: str) -> list[str]:
        return listed(client, f"/actions?{address}")

    assert found("") == ["Later", "Given up", "Done late", "Soon", "Today", "Late"]
    assert found("state=open") == ["Late", "Today", "Soon", "Later"]
    assert found("overdue=1") == found("overdue=1&state=done") == ["Late"]
    assert found("city=graz") == ["Done late", "Soon", "Late"]
    assert found("city=graz&state=open") == ["Late", "Soon"]
    assert found("state=done") == ["Done late"]
    assert found("city=york&state=done") == []
    assert in_table(client, "/actions.csv?city=graz&state=open") == ["Late", "Soon"]
    page = client.get("/actions?city=graz").text
    assert re.findall(r'class="num">(\d+)', page) == ["3", "2", "1", "1", "0"]


def test_what_is_nowhere_is_said_to_be_nowhere(client: FlaskClient, client_for: SignIn) -> None:
    assert "No decision is recorded yet." in client.get("/decisions").text
    assert "No action is recorded yet." in client.get("/actions").text
    assert "No decision fits." in client.get("/decisions?q=zebra").text
    assert "No action fits." in client.get("/actions?overdue=1").text
    assert "You have promised nothing." in client_for(make_user()).get("/actions?mine=1").text
    make_city("Utrecht")
    assert "No action fits." in client.get("/actions?city=utrecht").text


def test_unknown_topics_and_cities_are_404(client: FlaskClient) -> None:
    make_topic("secret", visibility=Visibility.HIDDEN)

    codes = [
        client.get(f"/{register}{form}?{name}").status_code
        for register in ("actions", "decisions")
        for form in ("", ".csv")
        for name in ("topic=secret", "topic=nowhere", "city=nowhere")
    ]

    assert codes == [404] * 12


@pytest.mark.parametrize(
    "name", ["topic", "year", "status", "state", "city", "overdue", "mine", "q", "page", "other"]
)
def test_no_parameter_breaks_the_registers(
    client: FlaskClient, client_for: SignIn, name: str
) -> None:
    member = client_for(make_user())
    codes = {
        reader.get(f"/{place}?{name}={value}&{name}=x").status_code
        for reader in (client, member)
        for place in ("actions", "actions.csv", "decisions", "decisions.csv")
        for value in HOSTILE
    }

    assert codes <= {200, 302, 404}


def test_owners_are_named_as_far_as_each_reader_may_know(
    client: FlaskClient, client_for: SignIn
) -> None:
    graz = make_city("Graz")
    officer = make_user("Housing officer", city=graz)
    both = (action("P", owner=Owner(user=officer)), action("C", owner=Owner(city=graz)))
    noted(*both)
    noted(*both, attribution=Attribution.NETWORK)
    noted(*both, naming=Naming.ACTOR)
    noted(*both, attribution=Attribution.CHATHAM_HOUSE)

    def owners(reader: FlaskClient) -> list[str]:
        return [row[2] for row in rows(reader, "/actions.csv")[1:]][::-1]

    strict = ["a city", "a city", "a participant", "a participating city"]
    assert owners(client) == ["Housing officer", "Graz", "Graz", "Graz", *strict]
    assert owners(client_for(make_user())) == ["Housing officer", "Graz"] * 2 + strict
    shown = re.findall(r'register__owner">([^<]*)', client.get("/actions").text)[::-1]
    assert shown == owners(client)


def test_nobody_learns_by_a_filter_what_is_not_named(client: FlaskClient) -> None:
    graz = make_city("Graz")
    noted(action("Actor", owner=Owner(city=graz)), naming=Naming.ACTOR)
    noted(action("Chatham", owner=Owner(city=graz)), attribution=Attribution.CHATHAM_HOUSE)

    assert listed(client, "/actions?city=graz") == []
    assert in_table(client, "/actions.csv?city=graz") == []
    assert listed(client, "/actions?q=graz") == []
    assert '<option value="graz"' not in client.get("/actions").text
    assert client.get("/cities/graz").text.count("Chatham") == 0


def test_no_cell_is_a_formula(client: FlaskClient) -> None:
    topic = make_topic("housing", names={"en": "=Housing"})
    noted(action("=cmd|' /C calc'!A0", owner=Owner(label="@SUM(1+1)*")), decision("+1"),
          topic_id=topic.id, title="-2+3")  # fmt: skip

    (row,) = rows(client, "/actions.csv")[1:]
    assert row[:6] == ["A-2027-001", "'=cmd|' /C calc'!A0", "'@SUM(1+1)*", "2027-03-01", "Open",
                       "'=Housing"]  # fmt: skip
    assert row[6:8] == ["'-2+3", "2027-01-12"]
    assert row[8].endswith("/summary#a-2027-001")
    assert rows(client, "/decisions.csv")[1][1] == "'+1"


def test_link_goes_to_the_paragraph(client: FlaskClient) -> None:
    notes = noted(decision("Count"), action("Send"))
    place = f'href="/webinars/{notes.webinar_id}/summary#'

    assert f"{place}d-2027-001" in client.get("/decisions").text
    assert f"{place}a-2027-001" in client.get("/actions").text
    assert 'id="d-2027-001"' in client.get(f"/webinars/{notes.webinar_id}/summary").text


def test_long_registers_have_pages_with_the_same_filters(client: FlaskClient) -> None:
    noted(*(decision(f"No {number}") for number in range(51)))

    assert listed(client, "/decisions?year=2027&page=2") == ["No 0"]
    assert 'href="/decisions?year=2027&amp;page=2"' in client.get("/decisions?year=2027").text
    assert len(in_table(client, "/decisions.csv")) == 51
    assert len(listed(client, "/decisions?page=99999")) == 1


STATEMENTS = {
    "/decisions": 7,
    "/actions": 9,
    "/actions?mine=1": 9,
    "/decisions.csv": 3,
    "/actions.csv": 4,
}


def test_thirty_rows_take_as_many_statements_as_two(
    client_for: SignIn, count_statements: Callable[[], Any]
) -> None:
    graz = make_city("Graz")
    reader = make_user(city=graz)
    browser = client_for(reader)

    def needed(address: str) -> int:
        browser.get(address)
        with count_statements() as statements:
            assert browser.get(address).status_code == 200
        return len(statements)

    counts = []
    for many in (2, 28):
        for number in range(many):
            topic = make_topic(f"topic-{many}-{number}")
            owner = Owner(user=reader) if number % 2 else Owner(city=graz)
            noted(decision("D"), action("A", owner=owner), topic_id=topic.id)
        counts.append({address: needed(address) for address in STATEMENTS})

    assert counts == [STATEMENTS] * 2


# What owners do.


def mine(client: FlaskClient) -> list[str]:
    return listed(client, "/actions?mine=1")


def owned(owner: Owner, **values: Any) -> Action:
    notes = noted(action("Count", owner=owner, **values))
    return db.session.query(Action).filter_by(note_set_id=notes.id).one()


def turn(client: FlaskClient, one: Action, verb: str = "finish", version: int | None = None) -> int:
    data = {"lock_version": one.lock_version if version is None else version}
    return client.post(f"/actions/{one.id}/{verb}", data=data).status_code


def state_of(one: Action) -> tuple[ActionState, bool]:
    db.session.expire_all()
    fresh = db.session.get_one(Action, one.id)
    return fresh.state, fresh.done_at is not None


def test_mine_are_those_that_i_or_my_cities_promised(
    client: FlaskClient, client_for: SignIn
) -> None:
    graz, york, lund = make_city("Graz"), make_city("York"), make_city("Lund")
    me = make_user(city=graz)
    make_seat(me, york, starts_on=date(2026, 1, 1))
    make_seat(me, lund, ends_on=date(2027, 1, 31))
    noted(
        action("Mine", owner=Owner(user=me)),
        action("Graz", owner=Owner(city=graz)),
        action("York", owner=Owner(city=york)),
        action("Lund no more", owner=Owner(city=lund)),
        action("Other", owner=Owner(user=make_user())),
        attribution=Attribution.CHATHAM_HOUSE,
    )
    browser = client_for(me)

    assert mine(browser) == ["Mine", "Graz", "York"]
    assert in_table(browser, "/actions.csv?mine=1") == ["Mine", "Graz", "York"]
    assert promising.stop_token(me) in browser.get("/actions?mine=1").text
    assert mine(client_for(make_user(approved_at=None, city=graz))) == []
    answer = client.get("/actions?mine=1")
    assert (answer.status_code, answer.location.startswith("/sign-in")) == (302, True)


def test_owner_says_that_it_is_done_and_takes_it_back(client_for: SignIn) -> None:
    graz = make_city("Graz")
    colleague = client_for(make_user(city=graz))
    one = owned(Owner(city=graz))
    address = f"/actions/{one.id}/finish?city=graz&state=open"

    answer = colleague.post(address, data={"lock_version": one.lock_version})

    assert (answer.status_code, answer.location) == (302, "/actions?city=graz&state=open")
    assert state_of(one) == (ActionState.DONE, True)
    assert turn(colleague, one, version=1) == 302
    assert turn(colleague, one, "reopen") == 302
    assert state_of(one) == (ActionState.OPEN, False)


def test_only_owners_turn_an_action(client: FlaskClient, client_for: SignIn) -> None:
    owner = make_user(city=make_city("Graz"))
    one = owned(Owner(user=owner))
    hidden = owned_in_circle(owner)
    stranger, applicant = client_for(make_user()), client_for(make_user(approved_at=None))

    assert [turn(reader, one) for reader in (stranger, applicant)] == [403, 403]
    assert [turn(reader, hidden) for reader in (stranger, client_for(owner))] == [404, 404]
    assert turn(client, one) == 302
    assert state_of(one) == (ActionState.OPEN, False)
    assert client_for(owner).post("/actions/99999999999/finish").status_code == 404
    assert client_for(owner).get(f"/actions/{one.id}/finish").status_code == 405
    assert "It is done" not in stranger.get("/actions").text
    assert "It is done" in client_for(owner).get("/actions").text


def owned_in_circle(owner: User) -> Action:
    circle = make_group(make_user(), slug="circle")
    notes = noted(action("Secret", owner=Owner(user=owner)), visibility=Visibility.HIDDEN,
                  group_id=circle.id)  # fmt: skip
    return db.session.query(Action).filter_by(note_set_id=notes.id).one()


def test_owner_cannot_bring_back_what_was_given_up(client_for: SignIn) -> None:
    owner = make_user()
    one = owned(Owner(user=owner), state=ActionState.DROPPED)

    assert [turn(client_for(owner), one, verb) for verb in ("reopen", "finish")] == [409, 409]
    assert state_of(one) == (ActionState.DROPPED, False)


def test_somebody_changed_it_meanwhile(client_for: SignIn) -> None:
    owner = make_user()
    one = owned(Owner(user=owner))
    browser = client_for(owner)
    answer = browser.post(f"/actions/{one.id}/finish", data={"lock_version": "0"})

    assert answer.status_code == 409
    assert "Somebody changed this in the meantime" in answer.text
    assert state_of(one) == (ActionState.OPEN, False)


def test_two_colleagues_at_once_make_it_done_once(app: Flask) -> None:
    graz = make_city("Graz")
    people = [make_user(city=graz).id for _ in range(4)]
    one = owned(Owner(city=graz))
    number, version = one.id, one.lock_version
    ready, faults = threading.Barrier(4), []
    db.session.rollback()

    def go(user_id: int) -> None:
        with app.app_context():
            seen = db.session.get_one(Action, number)
            actor = db.session.get_one(User, user_id)
            ready.wait(10)
            try:
                with write():
                    promising.finish(seen, actor, version)
            except Exception as error:
                faults.append(error)
            db.session.remove()

    threads = [threading.Thread(target=go, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert faults == []
    assert state_of(one) == (ActionState.DONE, True)
    assert db.session.get_one(Action, number).lock_version == version + 1
