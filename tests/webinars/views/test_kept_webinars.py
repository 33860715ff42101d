"""The page of a webinar is put together from kept parts, and says what one made now would say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.fragments import fragments
from app.core.slugs import slugify
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar, WebinarOrganiser
from tests.factories import make_topic, make_user
from tests.factories_places import make_member_city
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_agenda_item, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
SESSION: Any = db.session


def address_of(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}-{slugify(webinar.title)}"


def setting(**values: Any) -> Callable[[Webinar, User], None]:
    def act(webinar: Webinar, person: User) -> None:
        with write():
            for name, value in values.items():
                setattr(webinar, name, value)

    return act


def registering(state: RegistrationState) -> Callable[[Webinar, User], None]:
    def act(webinar: Webinar, person: User) -> None:
        make_registration(webinar, user=person, email=person.email, state=state)

    return act


def _withdraw(webinar: Webinar, person: User) -> None:
    with write():
        SESSION.scalars(
            db.select(Registration).where(Registration.user_id == person.id)
        ).one().state = RegistrationState.CANCELLED


def _make_organiser(webinar: Webinar, person: User) -> None:
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=person.id))


def _rename_topic(webinar: Webinar, person: User) -> None:
    with write():
        webinar.topic.names = {"en": "Homes"}  # type: ignore[union-attr]


ACTS: dict[str, Callable[[Webinar, User], object]] = {
    "move": setting(starts_at=utcnow() + timedelta(days=9), ends_at=utcnow() + timedelta(days=9)),
    "edit": setting(description_html="<p>Other words.</p>"),
    "fewer seats": setting(capacity=1),
    "other person": lambda webinar, _: make_registration(webinar, state=CONFIRMED),
    "agenda": lambda webinar, _: make_agenda_item(webinar, "What cities count"),
    "speaker": lambda webinar, _: make_speaker(webinar, "Housing officer"),
    "topic": _rename_topic,
    "register": registering(CONFIRMED),
    "withdraw": _withdraw,
    "organise": _make_organiser,
    "cancel": setting(status=Status.CANCELLED, cancel_reason="Nobody could come."),
}


@pytest.mark.any_engine
@time_machine.travel(utcnow().replace(microsecond=0), tick=False)
def test_parts_say_what_is_so_after_each_act(app: Flask, client_for: SignIn) -> None:
    person, other = make_user(), make_user("Youth officer")
    webinar = make_webinar(topic_id=make_topic("housing").id, capacity=20)
    clients, address = [client_for(person), client_for(other)], address_of(webinar)

    same = []
    for name, act in ACTS.items():
        before = [client.get(address).text for client in clients]
        act(webinar, person)
        kept = [client.get(address).text for client in clients]
        fragments().clear()
        made = [client.get(address).text for client in clients]
        assert (name, kept) == (name, made)
        same += [name] if kept[0] == before[0] else []

    assert same == []


def test_ticket_is_nobody_elses(client_for: SignIn) -> None:
    webinar = make_webinar(capacity=1)
    address = address_of(webinar)
    people = [make_user(f"Officer {number}") for number in range(3)]
    rows = [
        make_registration(webinar, user=person, email=person.email, state=state)
        for person, state in zip(people, (CONFIRMED, WAITLISTED, WAITLISTED), strict=True)
    ]
    tokens = [row.token for row in rows]

    for _round in range(2):
        pages = [client_for(person).get(address).text for person in people]
        found = [[token in page for token in tokens] for page in pages]
        assert found == [[True, False, False], [False, True, False], [False, False, True]]
    assert ["place in line: 1" in pages[1], "place in line: 2" in pages[2]] == [True, True]


@pytest.mark.parametrize(("minutes", "words"), [(4, "Join now"), (95, "This webinar is over")])
def test_kept_parts_follow_the_clock(client_for: SignIn, minutes: int, words: str) -> None:
    person, webinar = make_user(), make_webinar(starts_in=timedelta(minutes=18))
    make_registration(webinar, user=person, email=person.email, state=CONFIRMED)
    client, address = client_for(person), address_of(webinar)
    assert words not in client.get(address).text

    with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
        assert words in client.get(address).text


def test_kept_seats_are_told_until_they_are_open_to_all(client_for: SignIn) -> None:
    for name in ("Graz", "Lund"):
        make_member_city(name)
    webinar = make_webinar(capacity=5, kept_per_city=1)
    small = make_webinar(capacity=1, kept_per_city=1)
    client, address = client_for(make_user()), address_of(webinar)
    early, other = client.get(address).text, client.get(address_of(small)).text

    with time_machine.travel(utcnow() + timedelta(days=5)):
        late = client_for(make_user()).get(address).text

    assert "3 seats are free." in early
    assert "2 seats are kept until" in early
    assert "Everybody else joins the waiting list." not in early
    assert "Everybody else joins the waiting list." in other
    assert "5 seats are free." in late
    assert "kept until" not in late


def test_kept_ticket_ends_with_the_time_of_keeping(client_for: SignIn) -> None:
    make_member_city("Graz")
    webinar = make_webinar(capacity=5, kept_per_city=1, kept_until=utcnow() + timedelta(minutes=9))
    client, address = client_for(make_user()), address_of(webinar)
    assert "4 seats are free." in client.get(address).text

    with time_machine.travel(utcnow() + timedelta(minutes=10)):
        assert "5 seats are free." in client.get(address).text


def test_zones_are_pages_of_their_own(client_for: SignIn) -> None:
    webinar = make_webinar()
    address = address_of(webinar)
    pages = [client_for(make_user(timezone=zone)).get(address).text for zone in ZONES]

    assert ["Your time in Lisbon" in pages[0], "Your time in Athens" in pages[1]] == [True, True]


ZONES = ("Europe/Lisbon", "Europe/Athens")


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_few_statements(
    client_for: SignIn, count_statements: Any, count: int
) -> None:
    webinar, person = make_webinar(), make_user()
    for number in range(count):
        make_agenda_item(webinar, f"Item {number}", position=number)
        make_registration(webinar, email=f"guest-{number}@demo.invalid", state=CONFIRMED)
    client, address = client_for(person), address_of(webinar)
    with count_statements() as first:
        client.get(address)
    with count_statements() as again:
        client.get(address)

    assert (len(first), len(again)) == (11, 3)


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """Forms are protected, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


GUEST = {
    "name": "Housing officer",
    "email": "housing.officer@demo.invalid",
    "consent": "y",
    "website": "",
}


@pytest.mark.parametrize(
    ("headers", "status", "count"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302, 1),
        ({"Origin": "http://localhost"}, 302, 1),
        ({"Referer": "http://localhost/webinars"}, 302, 1),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 400, 0),
        ({"Origin": "https://elsewhere.example"}, 400, 0),
        ({}, 400, 0),
    ],
)
def test_guest_registers_from_a_kept_page_without_a_token(
    guarded: Flask, client: FlaskClient, headers: dict[str, str], status: int, count: int
) -> None:
    webinar = make_webinar()
    pages = [client.get(address_of(webinar)) for _ in range(2)]
    assert pages[0].data == pages[1].data
    assert [_token(pages[1].text), "Set-Cookie" in pages[1].headers] == ["", False]

    path = f"/webinars/{webinar.id}/registrations"
    answer = client.post(path, data=GUEST, headers=headers)

    db.session.rollback()
    asked = SESSION.scalar(db.select(db.func.count()).select_from(Registration))
    assert (answer.status_code, asked) == (status, count)
    assert ("housing.officer@demo.invalid" in answer.text) == (status == 400)


def test_member_registers_with_the_token_of_a_kept_page(guarded: Flask, client_for: SignIn) -> None:
    webinar, people = make_webinar(), [make_user(), make_user("Youth officer")]
    tokens = [_token(client_for(person).get(address_of(webinar)).text) for person in people]

    assert tokens[0] != tokens[1]
    path = f"/webinars/{webinar.id}/registrations"
    same_site = {"Sec-Fetch-Site": "same-origin"}
    client = client_for(people[0])
    without = client.post(path, data={"is_listed": "y"}, headers=same_site)
    token = _token(client.get(address_of(webinar)).text)
    answer = client.post(path, data={"csrf_token": token}, headers=same_site)
    assert (without.status_code, answer.status_code) == (400, 302)


def _token(page: str) -> str:
    return page.partition('action="/webinars/')[2].partition('value="')[2].partition('"')[0]
