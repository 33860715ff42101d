from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.core.fragments import fragments
from app.network.enums import MembershipKind
from app.network.models import Membership
from app.webinars import feeds, itip
from app.webinars.entries import entry_of
from app.webinars.enums import Status
from app.webinars.events import event_seen
from app.webinars.feeds import MOST, CalendarFile
from app.webinars.models import Series, Webinar
from tests.factories import make_city, make_topic
from tests.factories_registrations import at
from tests.factories_webinars import ROOM, make_agenda_item, make_organiser, make_webinar

DAY = timedelta(days=1)
SESSION: Any = db.session


def titles(file: CalendarFile) -> list[str]:
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(file.content).events]


def test_feed_shows_published_public_webinars_by_time(app: Flask) -> None:
    make_webinar("Second", starts_in=3 * DAY)
    make_webinar("First", starts_in=2 * DAY)
    make_webinar("Draft", published=False)
    make_webinar("Members", visibility=Visibility.NETWORK)
    make_webinar("Secret", visibility=Visibility.HIDDEN)
    hidden = make_topic("hidden", visibility=Visibility.HIDDEN)
    make_webinar("In a hidden topic", topic_id=hidden.id)

    assert titles(feeds.public_feed()) == ["First", "Second"]


def test_feed_reaches_ninety_days_back_and_eighteen_months_ahead(app: Flask) -> None:
    for days in (-91, -89, 547, 550):
        make_webinar(f"In {days} days", starts_in=days * DAY)

    assert titles(feeds.public_feed()) == ["In -89 days", "In 547 days"]


def test_cancelled_webinar_stays_sixty_days_and_says_so(app: Flask) -> None:
    now = utcnow()
    make_webinar("New", status=Status.CANCELLED, cancelled_at=now - 59 * DAY)
    make_webinar("Old", status=Status.CANCELLED, cancelled_at=now - 61 * DAY)

    file = feeds.public_feed()

    (event,) = Calendar.from_ical(file.content).events
    assert (event["SUMMARY"], event["STATUS"]) == ("Cancelled: New", "CANCELLED")


def test_feed_has_five_hundred_entries_at_most(app: Flask) -> None:
    organiser = make_organiser()
    template = make_webinar(organiser=organiser)
    columns = {
        column.key: getattr(template, column.key)
        for column in template.__table__.columns
        if column.key not in {"id", "uid"}
    }
    with write() as session:
        session.add_all(
            type(template)(**columns, uid=f"webinar-{number}@x.example") for number in range(MOST)
        )

    assert len(titles(feeds.public_feed())) == MOST


def test_topic_feed_has_the_name_and_webinars_of_the_topic(app: Flask) -> None:
    topic = make_topic("housing", names={"en": "Housing"})
    make_webinar("Here", topic_id=topic.id)
    make_webinar("Elsewhere")

    file = feeds.topic_feed(topic)

    assert titles(file) == ["Here"]
    assert Calendar.from_ical(file.content)["X-WR-CALNAME"] == "Interurban: Housing"


def test_feed_stays_the_same_until_something_changes(app: Flask) -> None:
    webinar = make_webinar()
    first = feeds.public_feed()
    with time_machine.travel(utcnow() + timedelta(hours=2)):
        second = feeds.public_feed()
        with write():
            webinar.title, webinar.updated_at = "Another", utcnow()
        third = feeds.public_feed()

    assert (second.etag, second.changed_at) == (first.etag, first.changed_at)
    assert third.etag != first.etag
    assert third.changed_at == webinar.updated_at


def test_feed_is_small_news_for_everybody(app: Flask) -> None:
    make_webinar()
    content = feeds.public_feed().content

    for word in (b"METHOD", b"ORGANIZER", b"ATTENDEE", b"VALARM", ROOM.encode()):
        assert word not in content
    assert b"TRANSP:TRANSPARENT" in content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content


def test_empty_feed_is_a_calendar_without_a_date(app: Flask) -> None:
    file = feeds.public_feed()

    assert (titles(file), file.changed_at) == ([], None)


def test_download_says_when_it_was_changed_not_when_it_was_loaded(app: Flask) -> None:
    webinar = make_webinar()
    with time_machine.travel(utcnow() + DAY):
        seen = event_seen(None, webinar.id)
        assert seen is not None
        event: Any
        (event,) = Calendar.from_ical(feeds.download(None, seen).content).events

    assert event["DTSTAMP"].dt == webinar.updated_at.replace(microsecond=0)
    assert event["TRANSP"] == "OPAQUE"


def test_feed_of_kept_events_is_the_feed_written_at_once(app: Flask) -> None:
    topic = make_topic("housing", names={"en": 'Housing, rent; and "registers"'})
    for number in range(3):
        webinar = make_webinar(f"Ärger über Mieten, {number}" * 5, topic_id=topic.id)
        make_agenda_item(webinar, "Begrüßung")
        make_agenda_item(webinar, "What cities count", position=2)
    webinars = sorted(SESSION.scalars(db.select(Webinar)), key=lambda row: (row.starts_at, row.id))
    entries = [entry_of(row, sequence=row.sequence, stamp=row.updated_at) for row in webinars]

    at_once = itip.feed(entries, "Interurban: webinars", feeds.FEED_ZONE)

    assert feeds.public_feed().content == at_once
    assert Calendar.from_ical(at_once).to_ical(sorted=False) == at_once


def test_event_that_did_not_change_is_not_written_again(app: Flask) -> None:
    for number in range(5):
        make_webinar(f"Webinar {number}")
    feeds.public_feed()
    make_webinar("One more")
    before = fragments().misses
    feeds.public_feed()

    assert fragments().misses - before == 2  # the feed and the new event


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"description": "Other words"},
        {"status": Status.CANCELLED, "cancelled_at": utcnow()},
        {"sequence": 4},
        {"ends_at": utcnow() + timedelta(days=9)},
        {"visibility": Visibility.NETWORK},
    ],
)
def test_change_is_in_the_feed_at_once(app: Flask, change: dict[str, Any]) -> None:
    webinar = make_webinar()
    before = feeds.public_feed().content
    with write():
        for name, value in change.items():
            setattr(webinar, name, value)
    now = feeds.public_feed().content
    fragments().clear()

    assert now != before
    assert now == feeds.public_feed().content


def test_words_of_the_topic_and_of_the_programme_are_in_the_feed_at_once(app: Flask) -> None:
    topic = make_topic("housing", names={"en": "Housing"})
    webinar = make_webinar(topic_id=topic.id)
    feeds.public_feed()
    make_agenda_item(webinar, "What cities count")
    with write():
        topic.names = {"en": "Homes"}

    content = feeds.public_feed().content
    assert (b"What cities count" in content, b"CATEGORIES:Homes" in content) == (True, True)


def make_series(title: str = "Rights in three evenings") -> Series:
    with write() as session:
        series = Series(title=title, created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    return series


def test_series_feed_has_its_sessions_and_their_siblings(app: Flask) -> None:
    series = make_series()
    sessions = [
        make_webinar(f"Evening {n}", series_id=series.id, starts_in=n * DAY) for n in (1, 2)
    ]
    make_webinar("Closed evening", series_id=series.id, visibility=Visibility.NETWORK)
    make_webinar("Elsewhere")

    file = feeds.series_feed(series.id)

    assert file is not None
    calendar = Calendar.from_ical(file.content)
    assert calendar["X-WR-CALNAME"] == "Interurban: Rights in three evenings"
    assert titles(file) == ["Evening 1", "Evening 2"]
    siblings = [(str(event["RELATED-TO"]), event["RELATED-TO"].params) for event in calendar.events]
    assert siblings == [(sessions[n].uid, {"RELTYPE": "SIBLING"}) for n in (1, 0)]


def test_series_without_an_open_session_has_no_feed(app: Flask) -> None:
    series = make_series()
    make_webinar(series_id=series.id, visibility=Visibility.NETWORK)
    make_webinar(series_id=series.id, published=False)

    assert (feeds.series_feed(series.id), feeds.series_feed(10**9)) == (None, None)


def test_new_session_is_in_the_files_of_its_siblings_at_once(app: Flask) -> None:
    series = make_series()
    first = make_webinar("Evening 1", series_id=series.id)
    seen = event_seen(None, first.id)
    assert seen is not None
    before = feeds.public_feed(), feeds.download(None, seen)
    make_webinar("Evening 2", series_id=series.id)
    seen = event_seen(None, first.id)
    assert seen is not None

    assert feeds.public_feed().content.count(b"RELTYPE=SIBLING") == 2
    assert feeds.download(None, seen).content.count(b"RELTYPE=SIBLING") == 1
    assert b"SIBLING" not in before[0].content + before[1].content


def test_sequence_in_feeds_grows_with_every_saved_change_and_in_the_file_as_mailed(
    app: Flask,
) -> None:
    webinar = make_webinar()
    numbers = []
    for change in ("saved", "saved and mailed"):
        with write():
            webinar.lock_version += 1
            webinar.sequence += change == "saved and mailed"
        seen = event_seen(None, webinar.id)
        assert seen is not None
        files = feeds.public_feed(), feeds.download(None, seen)
        numbers.append(
            [int(Calendar.from_ical(file.content).events[0]["SEQUENCE"]) for file in files]
        )

    assert numbers == [[1, 0], [3, 1]]


def test_postponed_webinar_stays_sixty_days_and_says_so(app: Flask) -> None:
    now = utcnow()
    make_webinar("New", status=Status.POSTPONED, postponed_at=now - 59 * DAY)
    make_webinar("Old", status=Status.POSTPONED, postponed_at=now - 61 * DAY)

    (event,) = Calendar.from_ical(feeds.public_feed().content).events
    assert (event["SUMMARY"], event["STATUS"]) == ("Postponed: New", "CANCELLED")


def test_feed_says_how_often_to_look_and_in_which_colour(app: Flask) -> None:
    head = feeds.public_feed().content.split(b"\r\n")

    for line in (
        b"NAME:Interurban: webinars",
        b"X-WR-CALNAME:Interurban: webinars",
        b"REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        b"X-PUBLISHED-TTL:PT1H",
        b"COLOR:teal",
    ):
        assert line in head


def test_feed_tells_the_hours_of_the_cities_and_changes_with_them(app: Flask) -> None:
    make_webinar(starts_at=at("2027-06-01T08:00:00+00:00"), ends_at=at("2027-06-01T09:00:00+00:00"))
    with time_machine.travel("2027-05-20T08:00:00+00:00"):
        content = feeds.public_feed().content.replace(b"\r\n ", b"")
        assert b"10:00 Brussels\\, 09:00 Lisbon\\, 11:00 Athens" in content
        city = make_city("seoul", timezone="Asia/Seoul")
        with write() as session:
            session.add(Membership(city_id=city.id, kind=MembershipKind.PARTNER))
        content = feeds.public_feed().content.replace(b"\r\n ", b"")

    assert b"10:00 Brussels\\, 17:00 Seoul" in content
    assert b"Lisbon" not in content
