from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db
from app.core.enums import Visibility
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_registrations import at, mails_to, make_registration, work
from tests.factories_webinars import ROOM, make_speaker, make_webinar

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")
SECRET = "secret-room-4711"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Ten minutes before the start."""
    with time_machine.travel(START - timedelta(minutes=10)) as traveller:
        yield traveller


def at_ten(**changes: Any) -> Webinar:
    values: dict[str, Any] = {"starts_at": START, "ends_at": START + timedelta(hours=1)}
    return make_webinar("Housing", **(values | changes))


def test_participant_goes_to_the_room_in_two_steps(client_for: SignIn) -> None:
    webinar, user = at_ten(), make_user()
    row = make_registration(webinar, email=user.email, user_id=user.id)
    browser = client_for(user)

    page = browser.get(f"/webinars/{webinar.id}/join")
    room = browser.post(f"/webinars/{webinar.id}/join")

    assert page.status_code == 200
    assert SECRET not in page.text
    assert f'href="{ROOM}"' in room.text
    assert room.headers["Refresh"] == f"0; url={ROOM}"
    db.session.refresh(row)
    assert row.joined_at is not None


def test_personal_pages_are_not_stored_and_tell_no_other_site(client: FlaskClient) -> None:
    webinar = at_ten()
    row = make_registration(webinar)

    for answer in (
        client.get(f"/webinars/{webinar.id}/join?t={row.token}"),
        client.post(f"/webinars/{webinar.id}/join", data={"t": row.token}),
    ):
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_looking_at_the_join_page_is_not_coming(client: FlaskClient) -> None:
    webinar = at_ten()
    row = make_registration(webinar)

    client.get(f"/webinars/{webinar.id}/join?t={row.token}")

    db.session.refresh(row)
    assert row.joined_at is None


def test_guest_joins_by_token_also_where_visitors_see_nothing(client: FlaskClient) -> None:
    webinar = at_ten(visibility=Visibility.NETWORK)
    row = make_registration(webinar)

    assert client.get(f"/webinars/{webinar.id}/join").status_code == 404
    assert client.get(f"/webinars/{webinar.id}/join?t={row.token}").status_code == 200
    assert SECRET in client.post(f"/webinars/{webinar.id}/join", data={"t": row.token}).text


def test_speaker_without_account_joins_by_token(client: FlaskClient) -> None:
    webinar = at_ten()
    speaker = make_speaker(webinar)

    room = client.post(f"/webinars/{webinar.id}/join", data={"t": speaker.token})

    assert SECRET in room.text


def test_token_of_another_webinar_opens_nothing(client: FlaskClient) -> None:
    webinar, other = at_ten(), at_ten(visibility=Visibility.NETWORK)
    row = make_registration(webinar)

    assert client.get(f"/webinars/{other.id}/join?t={row.token}").status_code == 404
    third = at_ten()
    assert client.post(f"/webinars/{third.id}/join", data={"t": row.token}).status_code == 403


def test_6_7_10_stranger_gets_an_explanation_and_never_the_room(
    client: FlaskClient, client_for: SignIn
) -> None:
    webinar = at_ten()
    member = client_for(make_user())

    for browser in (client, member):
        page = browser.get(f"/webinars/{webinar.id}/join")
        room = browser.post(f"/webinars/{webinar.id}/join")
        assert (page.status_code, room.status_code) == (403, 403)
        assert "Only people who registered can join." in page.text
        assert SECRET not in page.text + room.text


@pytest.mark.parametrize(
    ("state", "words", "status"),
    [
        (RegistrationState.WAITLISTED, "You are on the waiting list, place 1.", 200),
        (RegistrationState.CANCELLED, "Only people who registered can join.", 403),
        (RegistrationState.PENDING_EMAIL, "Your address is not confirmed.", 403),
    ],
)
def test_others_are_told_where_they_stand(
    client: FlaskClient, state: RegistrationState, words: str, status: int
) -> None:
    webinar = at_ten(capacity=1)
    make_registration(webinar)
    row = make_registration(webinar, state=state)

    page = client.get(f"/webinars/{webinar.id}/join?t={row.token}")
    room = client.post(f"/webinars/{webinar.id}/join", data={"t": row.token})

    assert page.status_code == status
    assert words in page.text
    assert SECRET not in page.text + room.text


@pytest.mark.parametrize(
    ("minute", "words"),
    [
        (-20, "You are in the right place, a little early."),
        (91, "This webinar is over. The door is closed."),
    ],
)
def test_outside_of_its_hours_the_door_is_shut(
    client: FlaskClient, clock: time_machine.Traveller, minute: int, words: str
) -> None:
    webinar = at_ten()
    row = make_registration(webinar)
    clock.move_to(START + timedelta(minutes=minute))

    page = client.get(f"/webinars/{webinar.id}/join?t={row.token}")
    room = client.post(f"/webinars/{webinar.id}/join", data={"t": row.token})

    assert words in page.text
    assert words in room.text
    assert SECRET not in page.text + room.text


def test_early_page_says_when_in_the_zone_of_the_person(
    client: FlaskClient, clock: time_machine.Traveller
) -> None:
    webinar = at_ten()
    row = make_registration(webinar, timezone="Europe/Athens")
    clock.move_to(START - timedelta(hours=1))

    page = client.get(f"/webinars/{webinar.id}/join?t={row.token}")

    assert "Wed 25 Mar 2026, 11:00–12:00 (Athens)" in page.text
    assert 'datetime="2026-03-25T10:45:00+02:00"' in page.text


def test_cancelled_webinar_and_missing_room_are_explained(client: FlaskClient) -> None:
    off = at_ten(status=Status.CANCELLED, cancel_reason="The room is flooded.")
    roomless = at_ten(room_url="")
    row = make_registration(roomless)

    assert "The room is flooded." in client.get(f"/webinars/{off.id}/join").text
    page = client.get(f"/webinars/{roomless.id}/join?t={row.token}")
    again = client.post(f"/webinars/{roomless.id}/join", data={"t": row.token})
    for text in (page.text, again.text):
        assert "The organisers have not opened the room yet." in text


@pytest.mark.parametrize("address", ["known@demo.invalid", "unknown@demo.invalid"])
def test_asking_for_the_link_again_says_the_same_to_everybody(
    client: FlaskClient, address: str
) -> None:
    webinar = at_ten()
    row = make_registration(webinar, email="known@demo.invalid")

    answer = client.post(f"/webinars/{webinar.id}/join/link", data={"email": address})
    work()

    assert answer.headers["Location"] == f"/webinars/{webinar.id}/registrations/asked"
    told = mails_to("known@demo.invalid")
    assert len(told) == (1 if address == row.email else 0)
    assert mails_to("unknown@demo.invalid") == []


def test_wrong_address_comes_back_with_what_was_typed(client: FlaskClient) -> None:
    webinar = at_ten()

    answer = client.post(f"/webinars/{webinar.id}/join/link", data={"email": "no address"})

    assert answer.status_code == 422
    assert 'value="no address"' in answer.text


def test_asking_for_links_without_end_is_stopped(client: FlaskClient) -> None:
    webinar = at_ten()
    for number in range(5):
        client.post(f"/webinars/{webinar.id}/join/link", data={"email": f"a{number}@b.example"})

    answer = client.post(f"/webinars/{webinar.id}/join/link", data={"email": "a@b.example"})

    assert answer.status_code == 429


@pytest.mark.parametrize("token", ["%00", "%ff%fe", "a" * 10_000, "'; --", "🎥" * 20])
def test_odd_tokens_open_nothing(client: FlaskClient, token: str) -> None:
    webinar = at_ten()

    assert client.get(f"/webinars/{webinar.id}/join?t={token}").status_code == 403
    assert client.post(f"/webinars/{webinar.id}/join", data={"t": token}).status_code == 403
