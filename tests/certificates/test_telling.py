"""Where people find their certificate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.attendance import correcting
from app.certificates.telling import lines_after
from app.core.db import write
from app.webinars import reminding, seats
from app.webinars.models import Registration
from tests.factories_attendance import (
    AFTER,
    END,
    START,
    held_webinar,
    officer,
    organiser_of,
    stayed,
    tick,
)
from tests.factories_registrations import mails_to, text_of, work

SignIn = Callable[[User], FlaskClient]
MAILS = {
    "half": [("Thank you for coming", True, True)],
    "ticked": [("Thank you for coming", True, True)],
    "less": [("Thank you for coming", False, False)],
    "absent": [("You were missed", False, False)],
}


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


def test_thanks_lead_who_is_entitled_to_the_certificate_and_nobody_else(app: Flask) -> None:
    webinar = held_webinar()
    with time_machine.travel(START, tick=False), write():
        reminding.plan(webinar)
    people = {name: officer(webinar, email=f"{name}@graz.example") for name in MAILS}
    stayed(people["half"], 38)
    stayed(people["less"], 37)
    with write():
        correcting.recount(seats.hold(webinar.id), [people[name].id for name in ("half", "less")])
    tick(people["ticked"], True)
    tick(people["absent"], False)

    for hours in (1, 25):
        with time_machine.travel(END + timedelta(hours=hours), tick=False):
            work()

    assert {name: told(person) for name, person in people.items()} == MAILS


def told(person: Registration) -> list[tuple[str, bool, bool]]:
    """Each mail afterwards: how its subject begins, whether its text and its page lead there."""
    place = f"http://localhost/webinars/{person.webinar_id}/certificate?t={person.token}"
    mails = [mail for mail in mails_to(person.email) if "Counting together" in mail["Subject"]]
    return [
        (mail["Subject"].split(":")[0], place in text_of(mail), place in html_of(mail))
        for mail in mails
    ]


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())
