"""The page of a webinar told before the framework begins is what the framework tells."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.core.slugs import slugify
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_agenda_item, make_speaker, make_webinar
from tests.forum.early import LONG_WAY, both_ways, browsers, framework_asked, people, told

__all__ = ["browsers", "people"]

Counter = Callable[[], AbstractContextManager[list[str]]]
LONG_AGO = {"starts_in": timedelta(days=-9)}
KINDS: dict[str, dict[str, Any]] = {
    "public": {},
    "network": {"visibility": Visibility.NETWORK},
    "hidden": {"visibility": Visibility.HIDDEN},
    "cancelled": {"status": Status.CANCELLED, "cancel_reason": "Nobody could come."},
    "past": LONG_AGO,
    "lobby": {"starts_in": timedelta(minutes=10)},
    "draft": {"published": False},
    "full": {"capacity": 1},
}


@pytest.fixture
def webinars(people: dict[str, User]) -> dict[str, Webinar]:
    made = {}
    with time_machine.travel(utcnow(), tick=False):
        for kind, changes in KINDS.items():
            webinar = make_webinar(
                f"Who <counts> & how, {kind}?", organiser=people["organiser"], **changes
            )
            make_agenda_item(webinar, "What cities count")
            make_speaker(webinar, "Housing officer")
            made[kind] = webinar
    for name, state in (
        ("reader", RegistrationState.CONFIRMED),
        ("late", RegistrationState.WAITLISTED),
        ("steward", RegistrationState.CANCELLED),
    ):
        make_registration(made["full"], user=people[name], email=people[name].email, state=state)
    return made


def address_of(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}-{slugify(webinar.title)}"


def test_every_reader_of_every_webinar_is_told_the_same(
    app: Flask, browsers: dict[str, FlaskClient], webinars: dict[str, Webinar]
) -> None:
    early = set()
    for kind, webinar in webinars.items():
        for name, browser in browsers.items():
            got, wanted = both_ways(browser, address_of(webinar))
            assert got == wanted, (kind, name)
            with framework_asked(app) as asked:
                assert told(browser.get(address_of(webinar))) == wanted
            if not asked:
                early.add((kind, name))

    everybody = set(browsers)
    seen = {"public", "network", "cancelled", "past", "lobby", "full"}
    assert {name for kind, name in early if kind == "public"} == everybody
    assert {name for kind, name in early if kind == "network"} == everybody - {"applicant"}
    assert {kind for kind, name in early if name == "organiser"} == seen | {"hidden"}
    assert {kind for kind, name in early if name == "author"} == seen


def test_title_and_description_are_escaped(
    app: Flask, browsers: dict[str, FlaskClient], webinars: dict[str, Webinar]
) -> None:
    both_ways(browsers["late"], address_of(webinars["public"]))
    with framework_asked(app) as asked:
        page = browsers["late"].get(address_of(webinars["public"])).text

    assert asked == []
    assert "<title>Who &lt;counts&gt; &amp; how, public?" in page
    assert "<counts>" not in page


def test_page_that_is_told_early_asks_three_statements(
    app: Flask,
    browsers: dict[str, FlaskClient],
    webinars: dict[str, Webinar],
    count_statements: Counter,
) -> None:
    address = address_of(webinars["public"])
    both_ways(browsers["late"], address)
    with framework_asked(app) as asked, count_statements() as statements:
        assert browsers["late"].get(address).status_code == 200

    assert asked == []
    assert len(statements) == 3


def test_what_is_missing_is_made_by_the_framework_and_nothing_is_read_twice(
    app: Flask,
    browsers: dict[str, FlaskClient],
    webinars: dict[str, Webinar],
    count_statements: Counter,
) -> None:
    counts, address = [], address_of(webinars["public"])
    for header in (LONG_WAY, None):
        both_ways(browsers["late"], address)
        make_agenda_item(webinars["public"], f"Added with {header}")
        with framework_asked(app) as asked, count_statements() as statements:
            page = browsers["late"].get(address, headers=header)
        assert len(asked) == 1
        assert "Added with" in page.text
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_who_registers_reads_so_and_who_may_no_longer_see_it_reads_nothing(
    browsers: dict[str, FlaskClient], people: dict[str, User], webinars: dict[str, Webinar]
) -> None:
    webinar, browser = webinars["public"], browsers["late"]
    address = address_of(webinar)
    before, _ = both_ways(browser, address)
    row = make_registration(
        webinar, user=people["late"], email=people["late"].email, state=RegistrationState.CONFIRMED
    )
    token = row.token
    assert [token in way[1].decode() for way in (before, told(browser.get(address)))] == [
        False,
        True,
    ]
    got, wanted = both_ways(browser, address)
    assert got == wanted != before
    with write() as session:
        session.get_one(Registration, row.id).state = RegistrationState.CANCELLED
    assert "I can come after all" in browser.get(address).text
    got, wanted = both_ways(browser, address)
    assert got == wanted
    with write() as session:
        session.get_one(Webinar, webinar.id).visibility = Visibility.HIDDEN

    got, wanted = both_ways(browser, address)
    assert got == wanted
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/webinars/{id}", "/webinars/{id}-another-name"])
def test_other_addresses_lead_to_the_page(
    browsers: dict[str, FlaskClient], webinars: dict[str, Webinar], path: str
) -> None:
    webinar = webinars["public"]
    both_ways(browsers["late"], address_of(webinar))
    for _ in range(2):
        answer = browsers["late"].get(path.format(id=webinar.id))
        assert (answer.status_code, answer.location) == (301, address_of(webinar))


def test_new_title_leads_from_the_old_address(
    browsers: dict[str, FlaskClient], webinars: dict[str, Webinar]
) -> None:
    webinar, browser = webinars["public"], browsers["late"]
    old = address_of(webinar)
    both_ways(browser, old)
    with write() as session:
        session.get_one(Webinar, webinar.id).title = "Renamed"

    answer = browser.get(old)
    assert (answer.status_code, answer.location) == (301, f"/webinars/{webinar.id}-renamed")


def test_what_is_flashed_is_said_once(
    browsers: dict[str, FlaskClient], webinars: dict[str, Webinar]
) -> None:
    address = address_of(webinars["public"])
    both_ways(browsers["late"], address)
    with browsers["late"].session_transaction() as cookie:
        cookie["_flashes"] = [("ok", "Only once.")]

    page = browsers["late"].get(address).text
    assert "Only once." in page
    assert "Who &lt;counts&gt; &amp; how, public?" in page
    assert "Only once." not in browsers["late"].get(address).text
