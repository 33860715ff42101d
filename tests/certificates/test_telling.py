"""Where people find their certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.certificates.telling import lines_after
from tests.factories_attendance import AFTER, START, held_webinar, officer, organiser_of, tick

SignIn = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    with time_machine.travel(AFTER):
        yield


def test_mail_afterwards_leads_who_came_to_the_certificate(app: Flask) -> None:
    webinar = held_webinar()
    ticked, absent = (officer(webinar, email=f"{n}@graz.example") for n in "ab")
    clicked = officer(webinar, joined_at=START)
    tick(ticked, True)
    tick(absent, False)

    told = [[line.words for line in lines_after(one)] for one in (ticked, clicked, absent)]

    assert told == [
        ["Get your certificate of attendance"],
        ["Get your certificate, once the organisers have confirmed who was there"],
        [],
    ]
    (line,) = lines_after(ticked)
    assert line.address == f"http://localhost/webinars/{webinar.id}/certificate?t={ticked.token}"


def test_own_page_leads_to_it_once_it_is_there(client: FlaskClient) -> None:
    person = officer(held_webinar(), joined_at=START)
    place = f"/webinars/{person.webinar_id}/certificate?t={person.token}"

    before = client.get(f"/registrations/{person.token}").text
    tick(person, True)
    after_tick = client.get(f"/registrations/{person.token}").text

    assert (place in before, place in after_tick) == (False, True)


def test_organisers_find_the_tick_list_on_the_webinar(client_for: SignIn) -> None:
    webinar = held_webinar()

    page = client_for(organiser_of(webinar)).get(f"/webinars/{webinar.id}-counting-together").text

    assert f"/webinars/{webinar.id}/attendance" in page
