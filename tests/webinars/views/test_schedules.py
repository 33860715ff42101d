"""Moving a webinar."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.webinars.enums import RegistrationState, Status
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


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


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


def seen_in(page: str) -> str:
    [found] = re.findall(r'name="seen"[^>]* value="([^"]*)"', page)
    return str(found)


def test_who_receives_what_is_shown_before_it_is_moved(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_registration(webinar)
    make_registration(webinar, language="pt", timezone="Europe/Lisbon")
    make_registration(webinar, language="de", state=RegistrationState.WAITLISTED)
    browser = client_for(organiser)

    shown = browser.post(address(webinar), data=moved())
    db.session.refresh(webinar)
    unmoved = webinar.sequence
    done = browser.post(address(webinar), data=moved(seen=seen_in(shown.text)))

    assert shown.status_code == 200
    assert "Nothing is sent yet." in shown.text
    assert "2 people with a seat get a mail that changes their calendar." in shown.text
    assert "1 person who waits for a seat gets a mail." in shown.text
    assert "In 3 languages: German, English, Portuguese" in words_of(shown.text)
    assert "Tue 6 May 2031, 09:00–10:30 (Lisbon)" in shown.text
    assert "Tue 6 May 2031, 10:00–11:30 (Brussels)" in shown.text
    assert (unmoved, done.status_code) == (0, 302)
    db.session.refresh(webinar)
    assert (webinar.starts_at, webinar.sequence) == (datetime(2031, 5, 6, 8, tzinfo=UTC), 1)


def test_another_time_than_the_one_looked_at_is_shown_first(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    make_registration(webinar)
    browser = client_for(organiser)
    seen = seen_in(browser.post(address(webinar), data=moved()).text)

    other = browser.post(address(webinar), data=moved(start_local="09:00", seen=seen))

    assert (other.status_code, seen_in(other.text) == seen) == (200, False)
    db.session.refresh(webinar)
    assert webinar.sequence == 0


def test_the_preview_takes_the_same_few_statements(
    client_for: SignIn, count_statements: Any
) -> None:
    organiser = make_organiser()
    counts = []
    for people in (1, 30):
        webinar = make_webinar(organiser=organiser)
        for _person in range(people):
            make_registration(webinar)
        browser = client_for(organiser)
        browser.get(address(webinar))
        with count_statements() as statements:
            browser.post(address(webinar), data=moved())
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_short_notice_asks_with_the_number_of_people(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, starts_in=timedelta(hours=6))
    make_registration(webinar)
    make_registration(webinar)
    browser = client_for(organiser)

    shown = browser.post(address(webinar), data=moved())
    seen = seen_in(shown.text)
    asked = browser.post(address(webinar), data=moved(seen=seen))
    sure = browser.post(address(webinar), data=moved(seen=seen, is_sure="y"))

    assert 'name="is_sure"' in shown.text
    assert "2 people are told about the new time." in asked.text
    assert (asked.status_code, 'name="is_sure"' in asked.text) == (422, True)
    assert sure.status_code == 302


def test_an_hour_that_comes_twice_is_asked_about(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser)
    browser = client_for(organiser)
    night = {"date": "2030-10-27", "start_local": "02:30", "end_local": "04:00"}

    asked = browser.post(address(webinar), data=moved(**night))
    chosen = browser.post(address(webinar), data=moved(**night, start_turn="1"))

    assert (asked.status_code, 'name="start_turn"' in asked.text) == (422, True)
    assert 'value="02:30"' in asked.text
    assert chosen.status_code == 302
    db.session.refresh(webinar)
    assert webinar.starts_at == datetime(2030, 10, 27, 1, 30, tzinfo=UTC)
    assert 'name="start_turn"' in browser.get(address(webinar)).text


def test_a_postponed_one_gets_its_new_date_here(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar(organiser=organiser, status=Status.POSTPONED)
    person = make_registration(webinar, state=RegistrationState.ON_HOLD)
    browser = client_for(organiser)

    shown = browser.post(address(webinar), data=moved())
    done = browser.post(address(webinar), data=moved(seen=seen_in(shown.text)))

    assert "Give it a new date" in shown.text
    assert done.status_code == 302
    db.session.refresh(webinar)
    db.session.refresh(person)
    assert (webinar.status, person.state) == (Status.PUBLISHED, RegistrationState.CONFIRMED)


def test_moving_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    webinar, draft = make_webinar(), make_webinar(published=False)

    assert client.get(address(webinar)).status_code == 302
    assert client_for(make_user()).post(address(webinar), data=moved()).status_code == 403
    assert client_for(make_user()).get(address(draft)).status_code == 404
