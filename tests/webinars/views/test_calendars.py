from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import write
from app.core.enums import Visibility
from app.webinars.models import Series
from tests.factories import make_topic, make_user
from tests.factories_webinars import ROOM, make_agenda_item, make_webinar

SignIn = Callable[[User], FlaskClient]


def test_download_is_a_file_without_people(client: FlaskClient) -> None:
    webinar = make_webinar("Housing")

    answer = client.get(f"/webinars/{webinar.id}/calendar.ics")

    calendar = Calendar.from_ical(answer.data)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="housing.ics"'
    assert calendar.events[0]["UID"] == webinar.uid
    assert "METHOD" not in calendar
    assert ROOM.encode() not in answer.data


def test_download_is_only_for_those_who_see_the_webinar(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar = make_webinar(visibility=Visibility.NETWORK)
    address = f"/webinars/{webinar.id}/calendar.ics"

    assert client.get(address).status_code == 404
    assert client_for(make_user()).get(address).status_code == 200
    assert client.get("/webinars/999999/calendar.ics").status_code == 404


def test_download_of_a_webinar_without_an_hour_does_not_exist(client: FlaskClient) -> None:
    webinar = make_webinar(starts_at=None, ends_at=None, year=2020)

    assert client.get(f"/webinars/{webinar.id}/calendar.ics").status_code == 404


def test_unchanged_feed_is_not_sent_again(client: FlaskClient) -> None:
    webinar = make_webinar()
    etag = client.get("/calendars/public.ics").headers["ETag"]

    again = client.get("/calendars/public.ics", headers={"If-None-Match": etag})
    with write():
        webinar.title, webinar.updated_at = "Another", utcnow() + timedelta(seconds=2)
    changed = client.get("/calendars/public.ics", headers={"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_feed_is_the_same_in_every_language(client: FlaskClient) -> None:
    make_webinar()

    english = client.get("/calendars/public.ics")
    german = client.get("/calendars/public.ics", headers={"Accept-Language": "de"})

    assert german.data == english.data


def test_member_sees_in_the_feed_what_everybody_sees(client_for: SignIn) -> None:
    make_webinar(visibility=Visibility.NETWORK)

    answer = client_for(make_user()).get("/calendars/public.ics")

    assert Calendar.from_ical(answer.data).events == []


def test_topic_feed_exists_for_topics_that_everybody_reads(client: FlaskClient) -> None:
    topic = make_topic("housing")
    make_topic("closed", visibility=Visibility.CLOSED)
    make_webinar("Here", topic_id=topic.id)

    found = client.get("/topics/housing/calendar.ics")

    assert [str(e["SUMMARY"]) for e in Calendar.from_ical(found.data).events] == ["Here"]
    assert client.get("/topics/closed/calendar.ics").status_code == 404
    assert client.get("/topics/unknown/calendar.ics").status_code == 404
    assert client.get("/topics/%00%ff/calendar.ics").status_code == 404


def test_feed_of_many_takes_as_many_statements_as_of_one(
    app: Flask, client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    topic = make_topic("housing")
    make_webinar(topic_id=topic.id)
    with count_statements() as one:  # type: ignore[attr-defined]
        client.get("/calendars/public.ics")
    for _ in range(5):
        make_webinar(topic_id=topic.id)
    with count_statements() as many:  # type: ignore[attr-defined]
        client.get("/calendars/public.ics")

    assert len(many) == len(one)


def test_unchanged_feed_is_answered_without_its_rows(
    client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    for _ in range(3):
        make_webinar()
    client.get("/calendars/public.ics")
    with count_statements() as again:  # type: ignore[attr-defined]
        client.get("/calendars/public.ics")

    assert len(again) == 1


def test_download_that_was_written_takes_one_statement(
    client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    webinar = make_webinar(topic_id=make_topic("housing").id)
    for number in range(30):
        make_agenda_item(webinar, f"Item {number}", position=number)
    address = f"/webinars/{webinar.id}/calendar.ics"
    client.get(address)
    with count_statements() as again:  # type: ignore[attr-defined]
        client.get(address)

    assert len(again) == 1


def test_series_feed_is_for_everybody_under_any_slug(client: FlaskClient) -> None:
    with write() as session:
        series = Series(title="Rights", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    make_webinar("Here", series_id=series.id)
    make_webinar("Elsewhere")

    for slug in ("rights", "wrong"):
        found = client.get(f"/series/{series.id}-{slug}/calendar.ics")
        assert [str(e["SUMMARY"]) for e in Calendar.from_ical(found.data).events] == ["Here"]
    assert found.headers["Content-Disposition"] == f'inline; filename="series-{series.id}.ics"'
    assert client.get("/series/999999-rights/calendar.ics").status_code == 404
    assert client.get(f"/series/{10**30}-rights/calendar.ics").status_code == 404


def test_series_feed_of_many_takes_as_many_statements_as_of_one(
    client: FlaskClient, count_statements: Callable[[], object]
) -> None:
    with write() as session:
        series = Series(title="Rights", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    address = f"/series/{series.id}-rights/calendar.ics"
    counts = []
    for sessions in (1, 5):
        for _ in range(sessions):
            make_webinar(series_id=series.id)
        with count_statements() as statements:  # type: ignore[attr-defined]
            client.get(address)
        counts.append(len(statements))

    assert counts == [6, 6]
