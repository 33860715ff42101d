"""Line 2 of what the live hour must show: every way of coming to the door, each as a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.enums import Visibility
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar
from tests.factories import make_user
from tests.factories_registrations import all_mails, at, make_registration, work
from tests.factories_webinars import ROOM, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")
SECRET = "secret-room-4711"
JOIN = "Join</button>"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Ten minutes after the start."""
    with time_machine.travel(START + timedelta(minutes=10), tick=False) as traveller:
        yield traveller


def at_ten(**changes: Any) -> Webinar:
    values: dict[str, Any] = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    return make_webinar("Housing", **(values | changes))


def page(browser: FlaskClient, webinar: Webinar, row: Registration | None = None) -> Any:
    return browser.get(f"/webinars/{webinar.id}/join" + (f"?t={row.token}" if row else ""))


def press(
    browser: FlaskClient, webinar: Webinar, row: Registration | None = None, **more: str
) -> Any:
    return browser.post(
        f"/webinars/{webinar.id}/join", data=({"t": row.token} if row else {}) | more
    )


def poll(browser: FlaskClient, webinar: Webinar, row: Registration) -> Any:
    return browser.get(f"/webinars/{webinar.id}/live?t={row.token}")


def test_before_time(client: FlaskClient, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = make_registration(webinar, timezone="Europe/Athens")
    clock.move_to(START - timedelta(minutes=16))

    seen, room = page(client, webinar, row), press(client, webinar, row)

    assert (seen.status_code, room.status_code) == (200, 200)
    for text in (seen.text, room.text):
        assert "You are in the right place, a little early." in text
        assert 'data-countdown="2026-03-25T08:45:00+00:00"' in text
        assert SECRET not in text
    db.session.refresh(row)
    assert row.joined_at is None
    assert poll(client, webinar, row).status_code == 200
    assert SECRET not in poll(client, webinar, row).text


def test_in_time(client: FlaskClient, clock: time_machine.Traveller) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    clock.move_to(START - timedelta(minutes=15))

    seen, room = page(client, webinar, row), press(client, webinar, row)

    assert JOIN in seen.text
    assert SECRET not in seen.text
    assert f'href="{ROOM}"' in room.text
    assert room.headers["Refresh"] == f"0; url={ROOM}"
    db.session.refresh(row)
    assert row.joined_at == START - timedelta(minutes=15)


def test_the_room_opens_in_a_tab_of_its_own(client: FlaskClient) -> None:
    """Questions and polls stay in sight; a form does it without JavaScript."""
    webinar = at_ten()
    row = make_registration(webinar)

    form = re.search(r"<form[^>]*/join[^>]*>", page(client, webinar, row).text)

    assert form is not None
    assert 'target="_blank"' in form[0]
    assert 'method="post"' in form[0]


@pytest.mark.parametrize("minute", [59, 75, 89])
def test_late(client: FlaskClient, clock: time_machine.Traveller, minute: int) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    clock.move_to(START + timedelta(minutes=minute))

    assert JOIN in page(client, webinar, row).text
    assert SECRET in press(client, webinar, row).text


@pytest.mark.parametrize("ended", ["by the clock", "by an organiser"])
def test_too_late(client: FlaskClient, clock: time_machine.Traveller, ended: str) -> None:
    """Half an hour after the end a guest's link opens no room; what comes next is told."""
    webinar = at_ten(ended_at=START if ended == "by an organiser" else None)
    row = make_registration(webinar)
    if ended == "by the clock":
        clock.move_to(START + timedelta(minutes=90))

    seen, room = page(client, webinar, row), press(client, webinar, row)

    for text in (seen.text, room.text):
        assert "This webinar is over. The door is closed." in text
        assert "What comes next" in text
        assert SECRET not in text


def test_waitlisted_with_a_free_seat(client: FlaskClient, clock: time_machine.Traveller) -> None:
    webinar = at_ten(capacity=1)
    seated = make_registration(webinar)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED, confirmed_at=None)
    clock.move_to(START + timedelta(minutes=4))
    assert SECRET not in press(client, webinar, waiting).text
    clock.move_to(START + timedelta(minutes=5))

    assert JOIN in page(client, webinar, waiting).text
    assert SECRET in press(client, webinar, waiting).text

    db.session.refresh(waiting)
    assert waiting.state is RegistrationState.CONFIRMED
    assert SECRET in press(client, webinar, seated).text  # who has a seat is not shut out


def test_waitlisted_without_a_free_seat(client: FlaskClient) -> None:
    webinar = at_ten(capacity=1)
    make_registration(webinar, joined_at=START)
    waiting = make_registration(webinar, state=RegistrationState.WAITLISTED, confirmed_at=None)

    seen, room = page(client, webinar, waiting), press(client, webinar, waiting)

    for text in (seen.text, room.text):
        assert "You are on the waiting list, place 1." in text
        assert SECRET not in text


def test_cancelled(client: FlaskClient) -> None:
    webinar = at_ten(status=Status.CANCELLED, cancel_reason="The speaker is ill.")
    row = make_registration(webinar)

    seen, room = page(client, webinar, row), press(client, webinar, row)

    for text in (seen.text, room.text):
        assert "This webinar will not take place." in text
        assert "The speaker is ill." in text
        assert SECRET not in text


def test_postponed(client: FlaskClient) -> None:
    webinar = at_ten(status=Status.POSTPONED, postpone_reason="A strike.")
    row = make_registration(webinar, state=RegistrationState.ON_HOLD)

    seen, room = page(client, webinar, row), press(client, webinar, row)

    for text in (seen.text, room.text):
        assert "A new date follows." in text
        assert "Your place is kept." in text
        assert SECRET not in text


@pytest.mark.parametrize(
    "state",
    [
        RegistrationState.REJECTED,
        RegistrationState.CANCELLED,  # withdrawn
        RegistrationState.EXPIRED,
        RegistrationState.PENDING_APPROVAL,
        RegistrationState.PENDING_EMAIL,
    ],
)
def test_wrong_person_without_a_place(client: FlaskClient, state: RegistrationState) -> None:
    webinar = at_ten()
    row = make_registration(webinar, state=state)

    seen, room, polled = page(client, webinar, row), press(client, webinar, row), poll(
        client, webinar, row
    )  # fmt: skip

    assert [seen.status_code, room.status_code, polled.status_code] == [403, 403, 403]
    assert SECRET not in seen.text + room.text + polled.text


def test_wrong_person_with_the_link_of_another_webinar(client: FlaskClient) -> None:
    webinar, other, hidden = at_ten(), at_ten(), at_ten(visibility=Visibility.NETWORK)
    row = make_registration(other)

    answers = [page(client, webinar, row), press(client, webinar, row), poll(client, webinar, row)]
    unseen = [page(client, hidden, row), press(client, hidden, row), poll(client, hidden, row)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert [answer.status_code for answer in unseen] == [404, 404, 404]
    assert not any(SECRET in answer.text for answer in answers + unseen)


def test_wrong_person_with_an_account_of_no_place(client_for: SignIn) -> None:
    webinar = at_ten()
    make_registration(webinar)
    browser = client_for(make_user())

    assert (page(browser, webinar).status_code, press(browser, webinar).status_code) == (403, 403)


def test_link_of_another_registration_counts_that_one_as_come(client_for: SignIn) -> None:
    """Whoever uses the link comes as whom it was given to, also from an account of their own."""
    webinar, member = at_ten(), make_user()
    own = make_registration(webinar, email=member.email, user_id=member.id)
    other = make_registration(webinar)

    press(client_for(member), webinar, other)

    db.session.refresh(own)
    db.session.refresh(other)
    assert (own.joined_at, other.joined_at is not None) == (None, True)


def test_guest_link_on_two_devices(app: Flask) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    first, second = app.test_client(), app.test_client()
    assert SECRET in press(first, webinar, row).text

    seen, room = page(second, webinar, row), press(second, webinar, row)
    assert "You joined on another device" in seen.text
    assert "You joined on another device" in room.text
    assert SECRET not in seen.text + room.text
    assert SECRET in press(first, webinar, row).text  # the first goes on

    assert SECRET in press(second, webinar, row, here="1").text
    assert JOIN in poll(second, webinar, row).text
    polled = poll(first, webinar, row)
    assert "You joined on another device" in polled.text
    assert JOIN not in polled.text
    assert SECRET not in press(first, webinar, row).text

    assert SECRET in press(first, webinar, row, here="1").text
    assert "You joined on another device" in poll(second, webinar, row).text


def test_first_device_learns_it_though_nothing_else_changed(app: Flask) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    first, second = app.test_client(), app.test_client()
    press(first, webinar, row)
    tag = poll(first, webinar, row).headers["ETag"]
    again = {"If-None-Match": tag}
    address = f"/webinars/{webinar.id}/live?t={row.token}"
    assert first.get(address, headers=again).status_code == 304

    press(second, webinar, row, here="1")

    assert first.get(address, headers=again).status_code == 200


def test_member_may_use_as_many_devices_as_they_like(client_for: SignIn) -> None:
    webinar, member = at_ten(), make_user()
    row = make_registration(webinar, email=member.email, user_id=member.id)
    browsers = [client_for(member), client_for(member)]

    assert [SECRET in press(browser, webinar).text for browser in browsers] == [True, True]
    assert [SECRET in press(browser, webinar, row).text for browser in browsers] == [True, True]


def test_device_is_told_by_a_cookie_of_this_webinar_alone(client: FlaskClient) -> None:
    webinar = at_ten()
    row = make_registration(webinar)

    cookies = press(client, webinar, row).headers.getlist("Set-Cookie")

    (cookie,) = [line for line in cookies if line.startswith("device=")]
    assert f"Path=/webinars/{webinar.id};" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert row.token not in cookie


def test_room_changed_five_minutes_before(
    app: Flask, client_for: SignIn, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    clock.move_to(START - timedelta(minutes=5))
    guest, organiser = app.test_client(), client_for(webinar.organisers[0].user)
    tag = poll(guest, webinar, row).headers["ETag"]

    saved = organiser.post(
        f"/webinars/{webinar.id}/room",
        data={"provider": "link", "url": "https://new.example.org/the-new-room"},
    )
    work()

    assert saved.status_code == 302
    assert all_mails() == []
    room = press(guest, webinar, row)
    assert room.headers["Refresh"] == "0; url=https://new.example.org/the-new-room"
    assert SECRET not in room.text
    polled = guest.get(f"/webinars/{webinar.id}/live?t={row.token}", headers={"If-None-Match": tag})
    assert polled.status_code == 200
    assert "the-new-room" not in polled.text


def test_room_that_comes_late_shows_by_itself(app: Flask, client_for: SignIn) -> None:
    webinar = at_ten(room_url="")
    row = make_registration(webinar)
    guest = app.test_client()
    assert "The organisers have not opened the room yet." in page(guest, webinar, row).text

    with write():
        webinar.room_url = ROOM
        webinar.lock_version += 1

    assert JOIN in poll(guest, webinar, row).text


def test_speaker_joins_by_link_three_quarters_of_an_hour_before(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    webinar = at_ten(visibility=Visibility.NETWORK)
    speaker = make_speaker(webinar)
    clock.move_to(START - timedelta(minutes=45))

    assert JOIN in client.get(f"/webinars/{webinar.id}/join?t={speaker.token}").text
    assert client.get(f"/webinars/{webinar.id}/live?t={speaker.token}").status_code == 200
    assert SECRET in client.post(f"/webinars/{webinar.id}/join", data={"t": speaker.token}).text
