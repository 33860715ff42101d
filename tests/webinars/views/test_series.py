"""The page of a series, and making one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars.enums import Status
from app.webinars.models import Registration, Series, Webinar
from tests.factories import make_user
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]


def make_series(sessions: int = 3, **changes: Any) -> tuple[Series, list[Webinar]]:
    now = utcnow()
    with write() as session:
        series = Series(title="Housing hour", created_at=now, updated_at=now)
        session.add(series)
    organiser = changes.pop("organiser", None) or make_organiser()
    made = [
        make_webinar(
            f"Housing hour {number + 1}",
            organiser=organiser,
            series_id=series.id,
            starts_in=timedelta(days=7 * (number + 1)),
            **changes,
        )
        for number in range(sessions)
    ]
    return series, made


def seen_in(page: str) -> str:
    [found] = re.findall(r'name="seen"[^>]* value="([^"]*)"', page)
    return str(found)


def test_all_sessions_are_on_one_page(client: FlaskClient) -> None:
    series, _sessions = make_series()

    answer = client.get(f"/series/{series.id}-housing-hour")

    assert answer.status_code == 200
    assert answer.text.count("Housing hour ") >= 3
    for number in (1, 2, 3):
        assert f"Housing hour {number}</a>" in answer.text
    assert "Publish all sessions" not in answer.text


def test_the_address_without_its_words_leads_there(client: FlaskClient) -> None:
    series, _sessions = make_series()

    answers = [client.get(f"/series/{series.id}{slug}") for slug in ("", "-other-words")]

    assert [(one.status_code, one.location) for one in answers] == [
        (301, f"/series/{series.id}-housing-hour")
    ] * 2


def test_each_sees_the_sessions_open_to_them(client: FlaskClient, client_for: SignIn) -> None:
    series, sessions = make_series()
    with write():
        db.session.get_one(Webinar, sessions[1].id).visibility = Visibility.NETWORK
        db.session.get_one(Webinar, sessions[2].id).status = Status.DRAFT
    address = f"/series/{series.id}-housing-hour"

    def seen(browser: FlaskClient) -> list[bool]:
        page = browser.get(address).text
        return [f"Housing hour {number}</a>" in page for number in (1, 2, 3)]

    assert seen(client) == [True, False, False]
    assert seen(client_for(make_user())) == [True, True, False]
    assert seen(client_for(sessions[0].organisers[0].user)) == [True, True, True]


def test_a_series_of_drafts_is_not_there(client: FlaskClient, client_for: SignIn) -> None:
    series, _sessions = make_series(published=False)

    for browser in (client, client_for(make_user())):
        assert browser.get(f"/series/{series.id}-housing-hour").status_code == 404
        assert browser.get(f"/series/{series.id}").status_code == 404
    assert client_for(make_user()).post(f"/series/{series.id}/publish").status_code == 404
    assert client.get("/series/999999").status_code == 404


def test_the_page_takes_the_same_few_statements(client_for: SignIn, count_statements: Any) -> None:
    counts = []
    for sessions in (1, 30):
        series, _sessions = make_series(sessions)
        browser = client_for(make_user())
        browser.get(f"/series/{series.id}-housing-hour")
        with count_statements() as statements:
            browser.get(f"/series/{series.id}-housing-hour")
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_a_session_tells_of_its_series(client: FlaskClient) -> None:
    series, sessions = make_series()

    page = client.get(f"/webinars/{sessions[0].id}-housing-hour-1").text

    assert f'href="/series/{series.id}-housing-hour"' in page


def test_a_webinar_becomes_a_series_after_a_look_at_the_days(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar("Office hour", organiser=organiser)
    browser, address = client_for(organiser), f"/webinars/{webinar.id}/series"
    sent = {"repeats": "fortnightly", "count": "3", "days": ""}

    form = browser.get(address)
    shown = browser.post(address, data=sent)
    nothing = webinar.series_id
    done = browser.post(address, data={**sent, "seen": seen_in(shown.text)})

    assert form.status_code == 200
    assert "Nothing is made yet." in shown.text
    assert shown.text.count("(Brussels)") == 3
    assert nothing is None
    db.session.refresh(webinar)
    assert (done.status_code, done.location) == (302, f"/series/{webinar.series_id}-office-hour")
    assert "Office hour" in browser.get(done.location).text


def test_own_days_and_wrong_ones(client_for: SignIn) -> None:
    organiser = make_organiser()
    webinar = make_webinar("Office hour", organiser=organiser)
    browser, address = client_for(organiser), f"/webinars/{webinar.id}/series"

    none = browser.post(address, data={"repeats": "days", "days": ""})
    odd = browser.post(address, data={"repeats": "sometimes"})
    good = browser.post(address, data={"repeats": "days", "days": "2031-05-06\n6.6.2031"})

    assert (none.status_code, odd.status_code, good.status_code) == (422, 422, 200)
    assert "A series has two sessions or more." in none.text
    assert "6 May 2031" in good.text
    assert "6 Jun 2031" in good.text


def test_all_drafts_are_published_at_once(client_for: SignIn) -> None:
    organiser = make_organiser()
    series, sessions = make_series(organiser=organiser, published=False)
    browser = client_for(organiser)

    page = browser.get(f"/series/{series.id}-housing-hour").text
    answers = [browser.post(f"/series/{series.id}/publish").status_code for _time in range(2)]

    for one in sessions:
        db.session.refresh(one)
    assert "Publish all sessions that are ready" in page
    assert answers == [302, 302]
    assert [(one.status, one.lock_version) for one in sessions] == [(Status.PUBLISHED, 2)] * 3


def test_publishing_a_series_is_for_its_organisers(client: FlaskClient, client_for: SignIn) -> None:
    series, sessions = make_series()

    assert client.post(f"/series/{series.id}/publish").status_code == 302
    assert client_for(make_user()).post(f"/series/{series.id}/publish").status_code == 403
    other = client_for(make_organiser())
    assert other.get(f"/webinars/{sessions[0].id}/series").status_code == 403


def test_a_member_registers_for_all_sessions_at_once(client_for: SignIn) -> None:
    series, sessions = make_series()
    member = make_user()
    browser, address = client_for(member), f"/series/{series.id}-housing-hour"
    form = f"/series/{series.id}/registrations"

    page = browser.get(address).text
    looked = [browser.head(form).status_code, browser.get(form).status_code]
    found = sa.select(Registration.webinar_id).where(Registration.user_id == member.id)
    before = list(db.session.scalars(found))
    answer = browser.post(form)
    again = browser.get(address).text

    assert f'href="{form}"' in page
    assert "3 sessions are still ahead of you." in page
    assert (looked, before, answer.status_code) == ([200, 200], [], 302)
    assert set(db.session.scalars(found)) == {one.id for one in sessions}
    assert again.count("You are registered</") == 3
    assert "Register for the whole series" not in again
