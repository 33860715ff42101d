from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.tokens import LinkExpired
from app.webinars import registering, seats
from app.webinars.enums import CancelSource, RegistrationState, Status
from app.webinars.errors import (
    PlaceGivenUp,
    RegistrationClosed,
    TakenOutByOrganiser,
    TooLateToTakeBack,
    TooManyRegistrations,
)
from app.webinars.models import Registration, Webinar
from app.webinars.registering import CONSENT_VERSION, Answers
from tests.factories import make_city, make_user
from tests.factories_registrations import (
    all_mails,
    guest,
    mails_to,
    methods_and_sequences,
    register,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED


def ask(webinar: Webinar, address: str, source: str = "s") -> Registration:
    with write():
        registering.ask_for_place(webinar, guest(address), Answers(), source)
    rows = select(Registration).where(Registration.email == address.lower())
    return db.session.scalars(rows).one()


def confirm(registration: Registration) -> None:
    with write():
        registering.confirm_address(registration)
    db.session.refresh(registration)


def test_member_is_confirmed_at_once_with_the_city_of_the_seat(app: Flask) -> None:
    city = make_city("Graz")
    user = make_user(city=city, timezone="Europe/Vienna", locale="de")

    row = register(make_webinar(), user)

    assert (row.state, row.user_id, row.city_id) == (CONFIRMED, user.id, city.id)
    assert (row.language, row.timezone) == ("de", "Europe/Vienna")
    assert row.consent_version == CONSENT_VERSION


def test_registering_twice_is_once(app: Flask) -> None:
    webinar, user = make_webinar(), make_user()

    first = register(webinar, user)
    second = register(webinar, user)
    work()

    assert first.id == second.id
    assert len(mails_to(user.email)) == 1


def test_member_takes_over_what_was_registered_as_guest(app: Flask) -> None:
    webinar, user = make_webinar(), make_user()
    row = ask(webinar, user.email)
    confirm(row)

    assert register(webinar, user).id == row.id
    assert row.user_id == user.id


def test_nobody_registers_for_a_past_cancelled_or_draft_webinar(app: Flask) -> None:
    for webinar in (
        make_webinar(starts_in=timedelta(hours=-3)),
        make_webinar(status=Status.CANCELLED),
        make_webinar(published=False),
    ):
        with pytest.raises(RegistrationClosed):
            register(webinar)


def test_guest_has_no_seat_until_the_address_is_confirmed(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    row = ask(webinar, "Guest@Demo.invalid")
    assert row.state == RegistrationState.PENDING_EMAIL

    other = register(webinar)
    confirm(row)

    assert (other.state, row.state) == (CONFIRMED, WAITLISTED)


def test_confirming_twice_is_once(app: Flask) -> None:
    row = ask(make_webinar(), "guest@demo.invalid")

    confirm(row)
    confirmed_at = row.confirmed_at
    confirm(row)

    assert (row.state, row.confirmed_at) == (CONFIRMED, confirmed_at)


def test_known_address_gets_its_link_and_keeps_its_place(app: Flask) -> None:
    webinar = make_webinar()
    row = register(webinar, guest("known@demo.invalid"))
    work()

    ask(webinar, "known@demo.invalid")
    work()

    assert row.state == CONFIRMED
    assert [m["Subject"].split(":")[0] for m in mails_to("known@demo.invalid")] == [
        "Invitation",
        "Your link",
    ]


def test_asking_again_at_once_sends_one_mail(app: Flask) -> None:
    webinar = make_webinar()
    with time_machine.travel("2026-06-01T10:01:00+00:00", tick=False):
        ask(webinar, "guest@demo.invalid")
        ask(webinar, "guest@demo.invalid")
        work()

    assert len(mails_to("guest@demo.invalid")) == 1


def test_sixth_try_of_one_network_address_within_an_hour_is_refused(app: Flask) -> None:
    webinar = make_webinar()
    for number in range(5):
        ask(webinar, f"guest{number}@demo.invalid")

    with pytest.raises(TooManyRegistrations):
        ask(webinar, "guest6@demo.invalid")

    assert ask(webinar, "guest7@demo.invalid", source="elsewhere").id
    with time_machine.travel(utcnow() + timedelta(minutes=61)):
        assert ask(webinar, "guest8@demo.invalid").id


def test_unconfirmed_request_expires_after_48_hours(app: Flask) -> None:
    row = ask(make_webinar(), "guest@demo.invalid")

    with time_machine.travel(utcnow() + timedelta(hours=49)):
        work()
        db.session.refresh(row)

        assert row.state == RegistrationState.EXPIRED
        with pytest.raises(LinkExpired):
            confirm(row)


def test_request_made_anew_does_not_expire_with_the_first(app: Flask) -> None:
    webinar = make_webinar()
    row = ask(webinar, "guest@demo.invalid")
    with time_machine.travel(utcnow() + timedelta(hours=30)):
        ask(webinar, "guest@demo.invalid")

    with time_machine.travel(utcnow() + timedelta(hours=49)):
        work()

    db.session.refresh(row)
    assert row.state == RegistrationState.PENDING_EMAIL


def test_old_confirm_link_does_not_undo_a_cancellation(app: Flask) -> None:
    row = ask(make_webinar(), "guest@demo.invalid")
    confirm(row)
    withdraw(row)

    with pytest.raises(PlaceGivenUp):
        confirm(row)


def test_registering_again_after_cancelling_uses_the_same_row(app: Flask) -> None:
    webinar = make_webinar()
    row = register(webinar, guest("back@demo.invalid"))
    withdraw(row)
    assert (row.state, row.cancel_source) == (RegistrationState.CANCELLED, CancelSource.USER)

    again = register(webinar, guest("back@demo.invalid"))

    assert (again.id, again.state, again.cancelled_at) == (row.id, CONFIRMED, None)


def test_6_7_05_sequence_grows_with_each_mail_to_a_person(app: Flask) -> None:
    webinar, person = make_webinar(), guest("again@demo.invalid")
    for _ in range(2):
        row = register(webinar, person)
        work()
        withdraw(row)
        work()
    register(webinar, person)
    work()

    assert methods_and_sequences("again@demo.invalid") == [
        ("REQUEST", 0),
        ("CANCEL", 1),
        ("REQUEST", 2),
        ("CANCEL", 3),
        ("REQUEST", 4),
    ]


def test_6_7_19_double_cancel_sends_one_mail(app: Flask) -> None:
    row = register(make_webinar(), guest("once@demo.invalid"))
    work()

    withdraw(row)
    withdraw(row)
    work()

    assert methods_and_sequences("once@demo.invalid") == [("REQUEST", 0), ("CANCEL", 1)]


def test_taking_it_back_before_the_mail_goes_out_sends_nothing(app: Flask) -> None:
    row = register(make_webinar(), guest("undo@demo.invalid"))
    work()

    withdraw(row)
    with write():
        registering.take_back(row)
    work()

    assert row.state == CONFIRMED
    assert methods_and_sequences("undo@demo.invalid") == [("REQUEST", 0)]


def test_taking_it_back_when_the_seat_is_gone_leads_to_the_end_of_the_line(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    row = register(webinar)
    waiting = register(webinar)

    withdraw(row)
    with write():
        registering.take_back(row)

    db.session.refresh(waiting)
    assert (row.state, waiting.state) == (WAITLISTED, CONFIRMED)


def test_leaving_the_waiting_list_sends_no_calendar_mail(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    register(webinar)
    row = register(webinar, guest("waits@demo.invalid"))
    work()
    assert "You are number 1 on the waiting list" in text_of(mails_to("waits@demo.invalid")[0])

    withdraw(row)
    work()

    assert row.state == RegistrationState.CANCELLED
    assert methods_and_sequences("waits@demo.invalid") == []


def test_nobody_cancels_after_the_end(app: Flask) -> None:
    row = register(make_webinar(starts_in=timedelta(hours=5)))

    with time_machine.travel(utcnow() + timedelta(days=1)), pytest.raises(RegistrationClosed):
        withdraw(row)


def test_link_is_sent_again_to_known_addresses_only(app: Flask) -> None:
    webinar = make_webinar()
    register(webinar, guest("known@demo.invalid"))
    with write():
        registering.send_own_link(webinar, "KNOWN@demo.invalid", "s")
        registering.send_own_link(webinar, "unknown@demo.invalid", "s")
    work()

    assert len(all_mails()) == 2
    assert len(mails_to("known@demo.invalid")) == 2


def take_back(registration: Registration) -> None:
    with write():
        registering.take_back(registration)


def test_place_is_taken_back_until_the_start_alone(app: Flask) -> None:
    row = register(make_webinar(starts_in=timedelta(hours=5)))
    withdraw(row)

    with time_machine.travel(utcnow() + timedelta(hours=5)), pytest.raises(TooLateToTakeBack):
        take_back(row)
    with time_machine.travel(utcnow() + timedelta(hours=4, minutes=50)):
        take_back(row)

    assert row.state == CONFIRMED


def test_whom_the_organisers_took_out_cannot_take_it_back(app: Flask) -> None:
    row = register(make_webinar())
    with write():
        registering.withdraw(row, CancelSource.ORGANISER)

    with pytest.raises(TakenOutByOrganiser):
        take_back(row)


def test_taking_back_what_was_not_given_up_is_nothing(app: Flask) -> None:
    row = register(make_webinar())
    confirmed_at = row.confirmed_at

    take_back(row)

    assert (row.state, row.confirmed_at) == (CONFIRMED, confirmed_at)


def test_who_takes_it_back_is_behind_all_who_wait(app: Flask) -> None:
    webinar = make_webinar(capacity=1)
    first, second, third = (register(webinar) for _ in range(3))
    withdraw(first)

    take_back(first)

    assert [row.state for row in (first, second, third)] == [WAITLISTED, CONFIRMED, WAITLISTED]
    assert [seats.place_in_line(row) for row in (third, first)] == [1, 2]
