"""Invitations where answers are read, sessions of a series, and what is put off or back on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.network.enums import MembershipKind
from app.network.models import Membership
from app.webinars import inviting, postponing, registering, restoring, scheduling
from app.webinars.enums import CancelSource
from app.webinars.models import Series, Webinar
from app.webinars.reply_address import reply_address
from app.webinars.times import Slot, slot
from tests.factories import make_city
from tests.factories_registrations import (
    at,
    event_of,
    guest,
    ics_of,
    mails_to,
    methods_and_sequences,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

NOW = "2026-03-10T08:15:00+00:00"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def answers_read(app: Flask) -> Iterator[None]:
    app.config["INBOUND_MAIL"] = True
    yield
    app.config["INBOUND_MAIL"] = False


def housing(**changes: object) -> Webinar:
    values = {name: getattr(ten("25"), name) for name in Slot.__dataclass_fields__}
    return make_webinar("Housing and human rights", **(values | changes))


def ten(day: str) -> Slot:
    return slot(at(f"2026-03-{day}T10:00:00"), at(f"2026-03-{day}T11:00:00"), "Europe/Brussels")


def postpone(webinar: Webinar) -> None:
    with write():
        row = db.session.merge(webinar)
        postponing.postpone(row, "The speaker is ill.", row.organisers[0].user)


def give_new_date(webinar: Webinar, day: str) -> None:
    with write():
        row = db.session.merge(webinar)
        db.session.refresh(row)
        actor = row.organisers[0].user
        postponing.give_new_date(row, ten(day), actor, version=row.lock_version)


@pytest.mark.usefixtures("answers_read")
def test_where_answers_are_read_the_invitation_asks_for_one_at_an_address_of_its_own(
    app: Flask,
) -> None:
    first, second = (register(housing()) for _ in range(2))
    work()
    withdraw(first)
    work()

    for row in (first, second):
        for message in mails_to(row.email):
            address = reply_address(row.id)
            assert message["Reply-To"] == address
            assert event_of(message)["ORGANIZER"] == f"mailto:{address}"
            assert message["From"].addresses[0].addr_spec == "events@forum.example.org"
            assert "not read here" not in text_of(message) + ics_of(message).decode()
    (invitation,) = mails_to(second.email)
    assert event_of(invitation)["ATTENDEE"].params["RSVP"] == "TRUE"
    assert event_of(invitation)["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert "No gives your seat to the next person" in text_of(invitation)


def test_nobody_is_invited_by_their_own_address(app: Flask) -> None:
    row = register(housing(), guest("events@forum.example.org"))
    work()

    event = event_of(mails_to(row.email)[0])
    assert event["ATTENDEE"] == "mailto:events@forum.example.org"
    assert event["ORGANIZER"] == f"mailto:{reply_address(row.id)}"


def test_session_names_its_siblings(app: Flask) -> None:
    with write() as session:
        series = Series(title="Rights", created_at=utcnow(), updated_at=utcnow())
        session.add(series)
    uids = [f"webinar-{number}@forum.example.org" for number in range(3)]
    sessions = [housing(series_id=series.id, uid=uid) for uid in uids]
    housing(series_id=series.id, published=False, status="draft")
    row = register(sessions[1])
    work()

    related = event_of(mails_to(row.email)[0])["RELATED-TO"]
    assert [str(uid) for uid in related] == [uids[0], uids[2]]
    assert {uid.params["RELTYPE"] for uid in related} == {"SIBLING"}


def test_postponed_webinar_leaves_calendars_and_comes_back_higher(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = housing()
    row = register(webinar, guest())
    work()
    clock.shift(60)
    postpone(webinar)
    work()
    clock.shift(60)
    give_new_date(webinar, "30")
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    _, off, on = mails_to(row.email)
    assert off["Subject"].startswith("Postponed: Housing")
    assert "The speaker is ill." in text_of(off)
    assert "Your seat is kept" in text_of(off)
    assert event_of(off)["STATUS"] == "CANCELLED"
    assert on["Subject"].startswith("It takes place: Housing")
    assert "Before: Wed 25 Mar 2026, 10:00–11:00 (Brussels)" in text_of(on)
    assert event_of(on).start == at("2026-03-30T08:00:00+00:00")
    assert event_of(on)["UID"] == event_of(off)["UID"] == webinar.uid


def test_cancelled_while_postponed_is_a_plain_mail(app: Flask) -> None:
    webinar = housing()
    row = register(webinar, guest())
    work()
    postpone(webinar)
    work()
    with write():
        again = db.session.merge(webinar)
        db.session.refresh(again)
        scheduling.cancel(again, "No new date found.", again.organisers[0].user)
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 1)]
    last = mails_to(row.email)[-1]
    assert last["Subject"].startswith("Cancelled: Housing")
    assert last.get_content_type() == "multipart/alternative"


def test_restored_webinar_comes_back_to_everybody_who_had_a_seat(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = housing()
    stays, leaves = register(webinar, guest()), register(webinar, guest())
    work()
    withdraw(leaves)
    work()
    clock.shift(60)
    with write():
        row = db.session.merge(webinar)
        scheduling.cancel(row, "By mistake.", row.organisers[0].user)
    work()
    clock.shift(60)
    with write():
        row = db.session.merge(webinar)
        db.session.refresh(row)
        restoring.restore(row, row.organisers[0].user)
    work()

    assert methods_and_sequences(stays.email) == [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2)]
    assert methods_and_sequences(leaves.email) == [("REQUEST", 0), ("CANCEL", 1)]
    assert mails_to(stays.email)[-1]["Subject"].startswith("It takes place: Housing")


def test_postponed_and_back_before_anybody_heard_is_one_update(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = housing()
    row = register(webinar, guest())
    work()
    clock.shift(60)
    postpone(webinar)
    clock.shift(60)
    give_new_date(webinar, "30")
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("REQUEST", 2)]
    assert event_of(mails_to(row.email)[-1]).start == at("2026-03-30T08:00:00+00:00")


def test_hours_are_told_where_cities_and_participants_are(app: Flask) -> None:
    city = make_city("seoul", timezone="Asia/Seoul")
    with write() as session:
        session.add(Membership(city_id=city.id, kind=MembershipKind.PARTNER))
    webinar = housing()
    register(webinar, guest(timezone="America/New_York"))
    row = register(webinar, guest())
    work()

    (message,) = mails_to(row.email)
    sentence = "10:00 Brussels, 18:00 Seoul, 05:00 New York"
    assert sentence in text_of(message)
    assert sentence in event_of(message)["DESCRIPTION"]


def test_mail_and_file_warn_of_clocks_that_change_before(app: Flask) -> None:
    values = {name: getattr(ten("30"), name) for name in Slot.__dataclass_fields__}
    row = register(housing(**values))
    work()

    (message,) = mails_to(row.email)
    warning = "The clocks change on 29 March, before this webinar."
    assert warning in text_of(message)
    assert warning in event_of(message)["DESCRIPTION"]


def test_invitation_that_is_asked_for_again_after_a_change_is_the_update(
    app: Flask, clock: time_machine.Traveller
) -> None:
    webinar = housing()
    row = register(webinar, guest())
    work()
    clock.shift(60)
    with write():
        moved = db.session.merge(webinar)
        moved.title = "Housing, rights"
        inviting.tell_change(moved, {"title": "Housing and human rights"})
        inviting.invite_again(db.session.merge(row))
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("REQUEST", 1)]


def test_who_gave_up_the_seat_gets_no_invitation_again(app: Flask) -> None:
    row = register(housing(), guest())
    work()
    with write():
        registering.withdraw(row, CancelSource.CALENDAR)
        inviting.invite_again(row)
    work()

    assert methods_and_sequences(row.email) == [("REQUEST", 0), ("CANCEL", 1)]


def test_nothing_is_put_off_or_on_after_the_end(app: Flask) -> None:
    webinar = make_webinar(starts_in=timedelta(days=-2))
    with write():
        row = db.session.merge(webinar)
        inviting.tell_postponed(row)
        inviting.tell_restored(row, {})

    assert row.sequence == 0
