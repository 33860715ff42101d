"""Moving a webinar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_registration, make_webinar

SignIn = Callable[[User], FlaskClient]


def moved(**changes: Any) -> dict[str, Any]:
    return {
        "date": "2031-05-06",
        "start_local": "10:00",
        "end_local": "11:30",
        "tzid": "Europe/Brussels",
        "version": "1",
        **changes,
    }


def address(webinar: Webinar) -> str:
    return f"/webinars/{webinar.id}/schedule"


def test_an_organiser_moves_it(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    page = browser.get(address(webinar))
    answer = browser.post(address(webinar), data=moved())

    assert "Nobody has registered yet" in page.text
    assert (answer.status_code, answer.location) == (
        302,
        f"/webinars/{webinar.id}-counting-together",
    )
    db.session.refresh(webinar)
    assert webinar.starts_at == datetime(2031, 5, 6, 8, tzinfo=UTC)
    assert webinar.sequence == 1
    assert "Moved." in browser.get(answer.location).text


def test_sending_the_form_twice_moves_once(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    answers = [browser.post(address(webinar), data=moved()).status_code for _time in range(2)]

    db.session.refresh(webinar)
    assert (answers, webinar.sequence) == ([302, 302], 1)


def test_a_stale_form_keeps_what_was_typed(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, lock_version=4)

    answer = client_for(organiser).post(address(webinar), data=moved())

    assert answer.status_code == 422
    assert "Somebody else changed this webinar" in answer.text
    assert 'value="2031-05-06"' in answer.text


def test_wrong_times_are_said(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)

    def said(**changes: Any) -> str:
        answer = browser.post(address(webinar), data=moved(**changes))
        assert answer.status_code == 422
        return str(answer.text)

    assert "The end must be after the start." in said(end_local="09:00")
    assert "at least one hour from now" in said(date="2020-05-06")
    assert "This time zone is not known." in said(tzid="Nowhere/Land")
    assert "Write the day like" in said(date="tomorrow")


def test_short_notice_asks_with_the_number_of_people(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=timedelta(hours=6))
    make_registration(webinar)
    make_registration(webinar)
    browser = client_for(organiser)

    asked = browser.post(address(webinar), data=moved())
    sure = browser.post(address(webinar), data=moved(is_sure="y"))

    assert "2 people who registered are told by mail." in asked.text
    assert (asked.status_code, 'name="is_sure"' in asked.text) == (422, True)
    assert sure.status_code == 302


def test_moving_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    webinar, draft = make_webinar(), make_webinar(published=False)

    assert client.get(address(webinar)).status_code == 302
    assert client_for(make_user()).post(address(webinar), data=moved()).status_code == 403
    assert client_for(make_user()).get(address(draft)).status_code == 404
