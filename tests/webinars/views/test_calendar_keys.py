from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars import calendar_keys
from app.webinars.enums import FeedKind, RegistrationState, Status
from app.webinars.place_models import CalendarKey
from tests.factories import make_user
from tests.factories_registrations import make_registration, register, withdraw, work
from tests.factories_webinars import make_organiser, make_webinar

SignIn = Callable[[User], FlaskClient]
PAGE = "/settings/calendars"


def made(person: User, kind: FeedKind = FeedKind.MINE) -> str:
    with write():
        return f"/calendars/{calendar_keys.calendar_token(calendar_keys.renew(person, kind))}.ics"


def titles(content: bytes) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(content).events]


def test_page_is_for_members(client: FlaskClient, client_for: SignIn) -> None:
    applicant = make_user(approved_at=None)

    assert client.get(PAGE).status_code == 302
    assert client_for(applicant).get(PAGE).status_code == 403
    assert client.post(f"{PAGE}/mine/renew").status_code == 302
    assert client_for(make_user()).post(f"{PAGE}/unknown/renew").status_code == 404
    assert client_for(make_user()).post(f"{PAGE}/unknown/end").status_code == 404


def test_calendar_is_made_renewed_and_ended_on_the_page(client_for: SignIn) -> None:
    browser = client_for(make_user())
    first = browser.get(PAGE)
    assert first.text.count("Make this calendar") == 3

    addresses = []
    for _ in range(2):
        assert browser.post(f"{PAGE}/mine/renew").location == f"{PAGE}#mine"
        page = browser.get(PAGE).text
        addresses += re.findall(r'href="(http://localhost/calendars/[a-z2-7]{47}\.ics)"', page)
        assert addresses[-1].replace("http:", "webcal:") in html.unescape(page)
    assert [browser.get(address).status_code for address in addresses] == [410, 200]
    assert browser.post(f"{PAGE}/mine/end").location == f"{PAGE}#mine"
    assert [browser.get(address).status_code for address in addresses] == [410, 410]
    assert browser.get(PAGE).text.count("Make this calendar") == 3


def test_settings_lead_to_the_page(client_for: SignIn) -> None:
    assert f'href="{PAGE}"' in client_for(make_user()).get("/settings").text


def test_getting_the_page_makes_nothing(client_for: SignIn) -> None:
    client_for(make_user()).get(PAGE)

    assert db.session.scalars(db.select(CalendarKey)).all() == []


def test_my_calendar_has_the_webinars_with_a_seat_of_mine(client: FlaskClient) -> None:
    member = make_user()
    days = iter(range(2, 20))
    for title, state in [
        ("Seat", RegistrationState.CONFIRMED),
        ("Waiting", RegistrationState.WAITLISTED),
        ("Given up", RegistrationState.CANCELLED),
    ]:
        webinar = make_webinar(title, starts_in=timedelta(days=next(days)))
        make_registration(webinar, user_id=member.id, state=state)
    closed = make_webinar("Members only", visibility=Visibility.NETWORK, starts_in=timedelta(30))
    make_registration(closed, user_id=member.id)
    make_registration(make_webinar("Somebody else's"))

    answer = client.get(made(member))

    assert titles(answer.data) == ["Seat", "Members only"]
    assert answer.data.count(b"TRANSP:OPAQUE") == 2
    assert titles(client.get(made(make_user())).data) == []


def test_calendar_of_an_organiser_has_what_they_organise_and_no_draft(client: FlaskClient) -> None:
    organiser = make_organiser()
    make_webinar("Mine", organiser=organiser)
    make_webinar("Draft", organiser=organiser, published=False)
    make_webinar("Another's")

    answer = client.get(made(organiser, FeedKind.ORGANISED))

    assert titles(answer.data) == ["Mine"]
    assert str(Calendar.from_ical(answer.data)["X-WR-CALNAME"]) == (
        "Interurban: webinars I organise"
    )


def test_seat_given_up_leaves_the_calendar_at_once(client: FlaskClient) -> None:
    member = make_user()
    row = register(make_webinar("Seat"), member)
    address = made(member)
    first = client.get(address)
    withdraw(row)
    work()

    known = {"If-None-Match": first.headers["ETag"]}
    then = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert titles(client.get(address, headers=known).data) == []
    assert titles(client.get(address, headers=then).data) == []


def test_postponed_webinar_says_so_in_calendars(client: FlaskClient) -> None:
    member = make_user()
    webinar = make_webinar("Seat", status=Status.POSTPONED, postponed_at=utcnow())
    make_registration(webinar, user_id=member.id, state=RegistrationState.ON_HOLD)

    (event,) = Calendar.from_ical(client.get(made(member)).data).events
    assert (event["SUMMARY"], event["STATUS"]) == ("Postponed: Seat", "CANCELLED")


def test_calendar_is_in_the_language_and_zone_of_its_person(client: FlaskClient) -> None:
    member = make_user(locale="de", timezone="Europe/Athens")
    make_registration(
        make_webinar("Seat", status=Status.CANCELLED, cancelled_at=utcnow()), user_id=member.id
    )

    content = client.get(made(member)).data
    assert titles(content) == ["Abgesagt: Seat"]
    assert b"X-WR-TIMEZONE:Europe/Athens" in content


@pytest.mark.parametrize("kind", FeedKind)
def test_own_calendar_has_the_headers_that_programs_need(app: Flask, kind: FeedKind) -> None:
    address = made(make_user(), kind)
    for method in ("get", "head"):
        answer = getattr(app.test_client(), method)(address, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.headers["Cache-Control"] == "private, max-age=900"
        assert {"Set-Cookie", "Content-Encoding", "Location"} & {*answer.headers.keys()} == set()
        known = {"If-None-Match": answer.headers["ETag"]}
        assert app.test_client().get(address, headers=known).status_code == 304


def test_what_was_never_given_is_404_and_what_was_ended_410_without_a_page(
    client: FlaskClient,
) -> None:
    person = make_user()
    old = made(person)
    made(person)

    for address, status in [(old, 410), ("/calendars/abc.ics", 404), (f"{old[:-5]}a.ics", 404)]:
        answer = client.get(address)
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert "Set-Cookie" not in answer.headers


def test_use_is_noted_once_an_hour(client: FlaskClient) -> None:
    address = made(make_user())
    for _ in range(2):
        client.get(address)

    (key,) = db.session.scalars(db.select(CalendarKey)).all()
    assert key.last_used_at is not None


def test_token_stands_in_no_line_of_the_log(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    address = made(make_user())
    with caplog.at_level("DEBUG"):
        client.get(address)
        client.get(f"{address[:-5]}a.ics")

    said = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    assert "/calendars/<token>.ics" in said
    assert address.split("/")[2][:20] not in said


@pytest.mark.parametrize("kind", [FeedKind.MINE, FeedKind.ORGANISED])
def test_calendar_of_many_takes_as_many_statements_as_of_one(
    client: FlaskClient, count_statements: Callable[[], object], kind: FeedKind
) -> None:
    person = make_organiser()
    address = made(person, kind)
    client.get(address)
    counts = []
    for webinars in (1, 5):
        for _ in range(webinars):
            make_registration(make_webinar(organiser=person), user_id=person.id)
        with count_statements() as statements:  # type: ignore[attr-defined]
            client.get(address)
        counts.append(len(statements))

    assert counts == [6, 6]


def test_unchanged_own_calendar_takes_three_statements(
    client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    address = made(make_user())
    client.get(address)
    with count_statements() as again:  # type: ignore[attr-defined]
        client.get(address)

    assert len(again) == 3
