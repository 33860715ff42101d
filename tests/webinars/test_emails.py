from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.db import db, write
from app.webinars import scheduling
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.times import Slot, slot
from tests.factories import make_topic
from tests.factories_registrations import (
    at,
    event_of,
    guest,
    mails_to,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_agenda_item, make_organiser, make_webinar

NOW = "2026-03-10T08:15:00+00:00"
HARD = "Łódź Αθήνα København 🎥"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Two weeks before; time goes on."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


def housing(**changes: object) -> Webinar:
    ten = slot(at("2026-03-25T10:00:00"), at("2026-03-25T11:00:00"), "Europe/Brussels")
    values = {name: getattr(ten, name) for name in Slot.__dataclass_fields__}
    return make_webinar("Housing and human rights", **(values | changes))


def move(webinar: Webinar, days: int = 1) -> None:
    assert webinar.start_local is not None
    assert webinar.end_local is not None
    actor = webinar.organisers[0].user
    shift = timedelta(days=days)
    with write():
        new = slot(webinar.start_local + shift, webinar.end_local + shift, webinar.tzid)
        scheduling.reschedule(webinar, new, actor, version=webinar.lock_version, is_sure=True)
    db.session.refresh(webinar)


def cancel(webinar: Webinar) -> None:
    actor = webinar.organisers[0].user
    with write():
        scheduling.cancel(webinar, "The room is flooded.", actor)


def tree(message: object) -> list[str]:
    return [part.get_content_type() for part in message.walk()]  # type: ignore[attr-defined]


def test_invitation_says_when_in_the_zone_and_language_of_the_person(app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        webinar = housing()
        here = register(webinar, guest())
        there = register(webinar, guest(timezone="Europe/Athens"))
        work()

    (brussels,), (athens,) = mails_to(here.email), mails_to(there.email)
    assert brussels["Subject"] == (
        "Invitation: Housing and human rights – Wed 25 Mar 2026, 10:00–11:00 (Brussels)"
    )
    assert athens["Subject"] == (
        "Invitation: Housing and human rights – Wed 25 Mar 2026, 11:00–12:00 (Athens)"
    )
    assert "10:00 Brussels, 09:00 Lisbon, 11:00 Athens" in text_of(brussels)
    assert "11:00 Athens, 10:00 Brussels, 09:00 Lisbon" in text_of(athens)


def test_sender_and_organizer_are_the_same_constant_address(app: Flask) -> None:
    row = register(housing())
    work()

    (message,) = mails_to(row.email)
    event = event_of(message)
    assert message["From"].addresses[0].addr_spec == "events@forum.example.org"
    assert message["Reply-To"] == "events@forum.example.org"
    assert event["ORGANIZER"] == "mailto:events@forum.example.org"
    assert event["ATTENDEE"] == f"mailto:{row.email}"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert "That answer is not read here" in text_of(message)
    assert message["Auto-Submitted"] is None
    assert message["List-Unsubscribe"] is None


def test_request_carries_what_a_calendar_shows(app: Flask) -> None:
    topic = make_topic("housing", names={"en": "Housing"})
    with time_machine.travel(NOW, tick=False):
        webinar = housing(topic_id=topic.id)
        make_agenda_item(webinar, "Welcome")
        row = register(webinar)
        work()

    event = event_of(mails_to(row.email)[0])
    join = f"http://localhost/webinars/{webinar.id}/join"
    assert (event.start, event.end) == (webinar.starts_at, webinar.ends_at)
    assert event["DTSTAMP"].dt == at(NOW)
    assert (event["LOCATION"], event["CONFERENCE"]) == (join, join)
    assert event["URL"] == f"http://localhost/webinars/{webinar.id}-housing-and-human-rights"
    assert event["DESCRIPTION"].startswith(f"Join: {join}\n10:00 Brussels, 09:00 Lisbon")
    assert "- Welcome" in event["DESCRIPTION"]
    assert event["CATEGORIES"].to_ical() == b"Housing"


def test_organiser_who_registers_chairs(app: Flask) -> None:
    organiser = make_organiser()
    row = register(housing(organiser=organiser), organiser)
    work()

    assert event_of(mails_to(row.email)[0])["ATTENDEE"].params["ROLE"] == "CHAIR"


def test_update_says_old_and_new_time(app: Flask, clock: time_machine.Traveller) -> None:
    webinar = housing()
    row = register(webinar)
    work()
    clock.shift(60)
    move(webinar)
    work()

    update = mails_to(row.email)[-1]
    assert update["Subject"] == (
        "Updated: Housing and human rights – Thu 26 Mar 2026, 10:00–11:00 (Brussels)"
    )
    assert "Time: Thu 26 Mar 2026, 10:00–11:00 (Brussels)" in text_of(update)
    assert "Before: Wed 25 Mar 2026, 10:00–11:00 (Brussels)" in text_of(update)
    assert int(event_of(update)["SEQUENCE"]) == 1


def test_withdrawal_and_cancellation_say_what_happened(app: Flask) -> None:
    webinar = housing()
    leaver, stayer = register(webinar), register(webinar)
    work()
    withdraw(leaver)
    work()
    cancel(webinar)
    work()

    withdrawal, cancellation = mails_to(leaver.email)[-1], mails_to(stayer.email)[-1]
    assert "STATUS" not in event_of(withdrawal)
    assert event_of(cancellation)["STATUS"] == "CANCELLED"
    assert withdrawal["Subject"].startswith("You cancelled: Housing")
    assert cancellation["Subject"].startswith("Cancelled: Housing")
    assert "The room is flooded." in text_of(cancellation)
    for message in (withdrawal, cancellation):
        assert event_of(message)["SUMMARY"] == "Cancelled: Housing and human rights"
        assert (event_of(message).start, event_of(message)["SEQUENCE"]) == (webinar.starts_at, 1)


def test_webinar_over_midnight_names_both_days(app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        webinar = housing(
            starts_at=at("2026-03-25T22:00:00+00:00"), ends_at=at("2026-03-26T00:00:00+00:00")
        )
        row = register(webinar)
        work()

    assert mails_to(row.email)[0]["Subject"].endswith(
        "Wed 25 Mar 2026, 23:00–Thu 26 Mar 2026, 01:00 (Brussels)"
    )


def test_cancelled_before_any_invitation_is_a_plain_mail(app: Flask) -> None:
    webinar = housing(status=Status.PUBLISHED)
    row = register(webinar)
    cancel(webinar)
    work()

    (message,) = mails_to(row.email)
    assert tree(message) == ["multipart/alternative", "text/plain", "text/html"]
    assert message["Subject"].startswith("Cancelled: Housing")
