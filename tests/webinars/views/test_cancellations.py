"""Calling a webinar off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.webinars.enums import RegistrationState, Status
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_registration, make_webinar

SignIn = Callable[[User], FlaskClient]


def test_an_organiser_cancels_with_a_reason(client_for: SignIn, client: FlaskClient) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)
    address = f"/webinars/{webinar.id}/cancel"

    page = browser.get(address)
    answers = [browser.post(address, data={"reason": "The speaker is ill."}) for _time in range(2)]

    assert "Nobody has registered yet, so nobody is mailed." in page.text
    assert [answer.status_code for answer in answers] == [302, 302]
    db.session.refresh(webinar)
    assert (webinar.status, webinar.sequence) == (Status.CANCELLED, 1)
    assert "The speaker is ill." in client.get(answers[0].location).text
    assert "This webinar is cancelled already." in browser.get(address).text


def test_with_people_seated_their_number_is_typed(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_registration(webinar)
    make_registration(webinar, state=RegistrationState.WAITLISTED)
    browser, address = client_for(organiser), f"/webinars/{webinar.id}/cancel"
    page = browser.get(address)

    refused = [
        browser.post(address, data={"reason": "The speaker is ill.", "typed": typed}).status_code
        for typed in ("", "2", "one")
    ]
    db.session.refresh(webinar)
    still = webinar.status
    make_registration(webinar)
    grown = browser.post(address, data={"reason": "The speaker is ill.", "typed": "1"})
    done = browser.post(address, data={"reason": "The speaker is ill.", "typed": "2"})

    assert "1 person with a seat gets a mail that changes their calendar." in page.text
    assert "1 person who waits for a seat gets a mail." in page.text
    assert (refused, still) == ([422] * 3, Status.PUBLISHED)
    assert "2 people have a seat. Type 2 to show that you know." in grown.text
    assert "The speaker is ill.</textarea>" in grown.text
    assert (grown.status_code, done.status_code) == (422, 302)


def test_without_a_reason_it_stays(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    for reason in ("", "   ", "x" * 2001):
        answer = browser.post(f"/webinars/{webinar.id}/cancel", data={"reason": reason})
        assert answer.status_code == 422
        assert "<title>Error:" in answer.text

    db.session.refresh(webinar)
    assert webinar.status == Status.PUBLISHED


def test_what_took_place_is_not_cancelled(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=timedelta(days=-2))

    answer = client_for(organiser).post(
        f"/webinars/{webinar.id}/cancel", data={"reason": "Too late."}
    )

    assert answer.status_code == 422
    assert "This webinar has taken place." in answer.text


def test_cancelling_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    webinar, draft = make_webinar(), make_webinar(published=False)
    address = f"/webinars/{webinar.id}/cancel"

    assert client.get(address).status_code == 302
    assert client_for(make_user()).post(address, data={"reason": "No."}).status_code == 403
    assert client_for(make_user()).get(f"/webinars/{draft.id}/cancel").status_code == 404
