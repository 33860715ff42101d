"""Rooms that a provider makes: asked while no transaction is open, told to the organisers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.core.db import db, write
from app.core.periodic import RHYTHMS
from app.live import furnishing, making
from app.live.enums import Provider
from app.live.furnishing import Furniture
from app.live.jobs import KEEP_ROOMS, plan_rooms
from app.live.models import Room
from app.live.revisions import revision_of
from app.webinars.enums import Status
from app.webinars.models import Webinar
from tests.factories_registrations import at, make_registration, work
from tests.factories_webinars import make_webinar
from tests.live.rooms.bbb_server import SECRET, Asked, bbb_server

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")
BACKUP = "https://other.example.org/backup"


@pytest.fixture
def server(app: Flask) -> Iterator[Asked]:
    before = app.extensions["settings"]
    with bbb_server() as (url, asked), time_machine.travel(START, tick=False):
        app.extensions["settings"] = replace(before, bbb_url=url, bbb_secret=SECRET)
        yield asked
    app.extensions["settings"] = before


def furnished(**changes: Any) -> Webinar:
    webinar = make_webinar(
        "Housing", **({"starts_at": START, "ends_at": START + timedelta(hours=1)} | changes)
    )
    with write():
        chosen = Furniture(Provider.BIGBLUEBUTTON, backup_url=BACKUP)
        furnishing.furnish(webinar, chosen, webinar.organisers[0].user)
    return webinar


def room_of(webinar: Webinar) -> Room:
    db.session.rollback()
    return db.session.get_one(Room, webinar.id)


def test_room_is_made_as_soon_as_it_is_chosen(server: Asked, client: FlaskClient) -> None:
    webinar = furnished()
    row = make_registration(webinar)
    work()

    room = room_of(webinar)
    assert (room.made_at, room.failed_at) == (START, None)
    assert len(room.name) >= 20
    assert [call for call, _ in server.calls] == ["create"]
    entered = client.post(f"/webinars/{webinar.id}/join", data={"t": row.token})
    assert f"/bigbluebutton/api/join?fullName=Housing+officer&meetingID={room.name}" in str(
        entered.headers["Refresh"]
    )


def test_room_is_asked_for_again_only_while_its_hours_run(
    server: Asked,
) -> None:
    """The provider forgets it after some minutes without anybody inside."""
    running, _off = furnished(), furnished(status=Status.CANCELLED)
    furnished(ended_at=START)
    for days in (-1, 1):
        furnished(starts_at=START + timedelta(days=days), ends_at=START + timedelta(days=days))
    work()
    server.calls.clear()

    told = making.ask_for_all()
    with write():
        making.keep(told)

    assert [given["meetingID"] for _, given in server.calls] == [room_of(running).name]
    assert [one.webinar_id for one in told] == [running.id]


@pytest.mark.parametrize(
    ("minutes", "is_asked"), [(-51, False), (-50, True), (-1, True), (89, True), (90, False)]
)
def test_room_is_there_before_the_first_may_enter(
    server: Asked, minutes: int, is_asked: bool
) -> None:
    furnished()

    with time_machine.travel(START + timedelta(minutes=minutes), tick=False):
        assert bool(making.ask_for_all()) == is_asked


def test_when_the_provider_fails_everybody_gets_the_backup_room_and_organisers_know(
    server: Asked, client: FlaskClient, client_for: SignIn
) -> None:
    server.mood = "ill"
    webinar = furnished()
    row, before = make_registration(webinar), revision_of(webinar.id)
    work()

    assert room_of(webinar).failed_at == START
    assert revision_of(webinar.id) == before + 1
    entered = client.post(f"/webinars/{webinar.id}/join", data={"t": row.token})
    assert entered.headers["Refresh"] == f"0; url={BACKUP}"
    page = client_for(webinar.organisers[0].user).get(f"/webinars/{webinar.id}/room")
    assert "The provider does not make the room." in page.text
    live = client_for(webinar.organisers[0].user).get(f"/webinars/{webinar.id}/join")
    assert "The provider does not make the room." in live.text
    assert (
        "The provider does not make the room."
        not in client.get(f"/webinars/{webinar.id}/join?t={row.token}").text
    )


def test_provider_that_answers_again_has_everybody_back(server: Asked, client: FlaskClient) -> None:
    server.mood = "ill"
    webinar = furnished()
    work()
    server.mood = "well"
    with write():
        making.keep(told := making.ask_for_one(webinar.id))
        making.keep(told)  # twice is once

    room = room_of(webinar)
    assert (room.made_at, room.failed_at) == (START, None)
    assert revision_of(webinar.id) == 3


def test_answer_about_a_room_that_was_changed_meanwhile_is_passed_over(server: Asked) -> None:
    webinar = furnished()
    told = making.ask_for_one(webinar.id)
    with time_machine.travel(START + timedelta(seconds=1), tick=False), write():
        chosen = Furniture(Provider.LINK, "https://rooms.example.org/1")
        furnishing.furnish(webinar, chosen, webinar.organisers[0].user)

    with write():
        making.keep(told)

    assert room_of(webinar).made_at is None


def test_only_installations_with_such_a_provider_ask_all_the_time(
    server: Asked, app: Flask
) -> None:
    settings = app.extensions["settings"]

    plan_rooms(settings)
    assert KEEP_ROOMS in RHYTHMS
    plan_rooms(replace(settings, bbb_url=None))
    assert KEEP_ROOMS not in RHYTHMS
