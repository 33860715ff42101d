from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars import registering, session_registering
from app.webinars.enums import RegistrationState, Status
from app.webinars.errors import RegistrationClosed
from app.webinars.models import Registration, Webinar
from app.webinars.registering import Answers, person_of
from tests.factories import make_user
from tests.factories_places import make_series
from tests.factories_registrations import (
    guest,
    mails_to,
    make_registration,
    methods_and_sequences,
    text_of,
    withdraw,
    work,
)
from tests.factories_webinars import make_webinar

CONFIRMED, WAITLISTED = RegistrationState.CONFIRMED, RegistrationState.WAITLISTED
PENDING = RegistrationState.PENDING_EMAIL
ADDRESS = "series@demo.invalid"


def register_all(series_id: int) -> list[Registration]:
    with write():
        return session_registering.register_for_series(series_id, guest(ADDRESS), Answers())


def sessions(series_id: int) -> list[Webinar]:
    return list(
        db.session.query(Webinar).filter_by(series_id=series_id).order_by(Webinar.starts_at)
    )


def subjects() -> list[str]:
    return [str(mail["Subject"]).split(":")[0] for mail in mails_to(ADDRESS)]


def test_whole_series_is_one_place_at_each_session(app: Flask) -> None:
    series = make_series(3)

    rows = register_all(series.id)

    assert [row.state for row in rows] == [CONFIRMED] * 3
    assert [row.webinar_id for row in rows] == [webinar.id for webinar in sessions(series.id)]
    assert len({row.token for row in rows}) == 3


def test_one_mail_lists_all_dates_and_the_calendar_of_the_series(app: Flask) -> None:
    series = make_series(3)
    rows = register_all(series.id)
    work()

    (mail,) = [m for m in mails_to(ADDRESS) if str(m["Subject"]).startswith("Your places")]
    words = text_of(mail)
    assert "You registered for 3 sessions of this series." in words
    assert all(f"/registrations/{row.token}" in words for row in rows)
    assert all(f"Part {number}" in words for number in (1, 2, 3))
    assert ".ics" in words


def test_two_sessions_are_invited_to_at_once_the_others_two_weeks_before(app: Flask) -> None:
    series = make_series(4)

    register_all(series.id)
    work()
    at_once = subjects()
    with time_machine.travel(utcnow() + timedelta(days=8)):
        work()
        after_a_week = len(methods_and_sequences(ADDRESS))
    with time_machine.travel(utcnow() + timedelta(days=15)):
        work()
        after_two = len(methods_and_sequences(ADDRESS))

    assert sorted(at_once) == ["Invitation", "Invitation", "Your places in the series"]
    assert (after_a_week, after_two) == (3, 4)


def test_full_session_is_a_place_on_its_list_told_in_the_one_mail(app: Flask) -> None:
    series = make_series(2, capacity=1)
    first, _ = sessions(series.id)
    make_registration(first)

    rows = register_all(series.id)
    work()

    assert [row.state for row in rows] == [WAITLISTED, CONFIRMED]
    assert sorted(subjects()) == ["Invitation", "Your places in the series"]
    assert "you are on the waiting list" in text_of(
        next(m for m in mails_to(ADDRESS) if str(m["Subject"]).startswith("Your places"))
    )


def test_registering_for_the_series_twice_is_once(app: Flask) -> None:
    series = make_series(2)

    first = [row.id for row in register_all(series.id)]
    second = [row.id for row in register_all(series.id)]
    work()

    assert first == second
    assert len(mails_to(ADDRESS)) == 3


def test_session_one_has_already_is_kept_and_the_rest_is_added(app: Flask) -> None:
    series = make_series(3)
    first = sessions(series.id)[0]
    with write():
        mine = registering.register(first, guest(ADDRESS), Answers())
    withdraw(register_all(series.id)[1])
    work()

    rows = register_all(series.id)

    assert rows[0].id == mine.id
    assert [row.state for row in rows] == [CONFIRMED] * 3


def test_only_sessions_to_come_that_the_person_may_see(app: Flask) -> None:
    series = make_series(1)
    make_webinar("Over", starts_in=timedelta(days=-1), series_id=series.id)
    make_webinar("Draft", published=False, series_id=series.id)
    make_webinar("Off", status=Status.CANCELLED, series_id=series.id)
    make_webinar("Inside", visibility=Visibility.NETWORK, series_id=series.id)
    make_webinar("Elsewhere")

    assert [row.webinar.title for row in register_all(series.id)] == ["Part 1"]

    member = make_user()
    with write():
        rows = session_registering.register_for_series(
            series.id, person_of(member, "en"), Answers()
        )
    assert sorted(row.webinar.title for row in rows) == ["Inside", "Part 1"]


def test_series_without_a_session_to_come_is_closed(app: Flask) -> None:
    series = make_series(0)

    with pytest.raises(RegistrationClosed):
        register_all(series.id)


def test_guest_confirms_one_address_for_all_sessions(app: Flask) -> None:
    series = make_series(3)
    with write():
        session_registering.ask_for_series(series.id, guest(ADDRESS), Answers(), "s")
    rows = db.session.query(Registration).order_by(Registration.id).all()
    asked = [row.state for row in rows]
    work()
    (mail,) = mails_to(ADDRESS)

    for _ in range(2):
        with write():
            session_registering.confirm_addresses(rows[0])
    work()

    assert asked == [PENDING] * 3
    assert "asked for places at 3 sessions of a series" in text_of(mail)
    assert [row.state for row in rows] == [CONFIRMED] * 3
    assert sorted(subjects()[1:]) == ["Invitation", "Invitation", "Your places in the series"]


def test_guest_with_all_places_gets_the_link_again(app: Flask) -> None:
    series = make_series(2)
    register_all(series.id)
    work()

    with write():
        session_registering.ask_for_series(series.id, guest(ADDRESS), Answers(), "s")
    work()

    assert subjects()[-1] == "Your link"


def test_link_of_one_session_confirms_that_one(app: Flask) -> None:
    series = make_series(2)
    first, second = sessions(series.id)
    with write():
        registering.ask_for_place(first, guest(ADDRESS), Answers(), "s")
    with time_machine.travel(utcnow() + timedelta(minutes=3)), write():
        registering.ask_for_place(second, guest(ADDRESS), Answers(), "s")
    rows = db.session.query(Registration).order_by(Registration.id).all()

    with write():
        session_registering.confirm_addresses(rows[0])

    assert [row.state for row in rows] == [CONFIRMED, PENDING]


def test_session_that_was_called_off_meanwhile_does_not_stop_the_others(app: Flask) -> None:
    series = make_series(3)
    with write():
        session_registering.ask_for_series(series.id, guest(ADDRESS), Answers(), "s")
    rows = db.session.query(Registration).order_by(Registration.id).all()
    with write() as session:
        session.get_one(Webinar, rows[1].webinar_id).status = Status.CANCELLED

    with write():
        session_registering.confirm_addresses(rows[0])

    assert [row.state for row in rows] == [CONFIRMED, PENDING, CONFIRMED]


def test_sessions_with_approval_ask_the_organisers(app: Flask) -> None:
    series = make_series(2, needs_approval=True)

    rows = register_all(series.id)
    work()

    assert [row.state for row in rows] == [RegistrationState.PENDING_APPROVAL] * 2
    assert subjects() == ["Your places in the series"]
