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
from app.core.audit import AuditEntry
from app.core.db import db
from app.live.enums import Provider
from app.live.models import Room
from app.live.revisions import revision_of
from app.webinars.models import Webinar
from tests.factories import make_user
from tests.factories_registrations import all_mails, at, make_registration, work
from tests.factories_webinars import ROOM, make_webinar

SignIn = Callable[[User], FlaskClient]
START = at("2026-03-25T09:00:00+00:00")
URL, BACKUP = "https://rooms.example.org/another", "https://backup.example.org/room"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(START - timedelta(minutes=5)):
        yield


@pytest.fixture
def webinar(app: Flask) -> Webinar:
    return make_webinar("Housing", starts_at=START, ends_at=START + timedelta(hours=1))


@pytest.fixture
def organiser(webinar: Webinar, client_for: SignIn) -> FlaskClient:
    return client_for(webinar.organisers[0].user)


def save(browser: FlaskClient, webinar: Webinar, **changes: str) -> Any:
    given = {"provider": "link", "url": URL, "backup_url": BACKUP, "dial_in": "+32 2 555 01 23"}
    return browser.post(f"/webinars/{webinar.id}/room", data=given | changes)


def test_organiser_sees_and_changes_the_room_without_a_mail(
    webinar: Webinar, organiser: FlaskClient
) -> None:
    assert f'value="{ROOM}"' in organiser.get(f"/webinars/{webinar.id}/room").text
    version, revision = webinar.lock_version, revision_of(webinar.id)

    answer = save(organiser, webinar)
    work()

    assert answer.headers["Location"] == f"/webinars/{webinar.id}/room"
    db.session.refresh(webinar)
    room = db.session.get_one(Room, webinar.id)
    assert (webinar.room_url, room.backup_url, room.dial_in) == (URL, BACKUP, "+32 2 555 01 23")
    assert webinar.lock_version == version + 1  # a form opened before does not put it back
    assert revision_of(webinar.id) == revision + 1
    assert all_mails() == []


def test_the_log_of_acts_holds_no_address(webinar: Webinar, organiser: FlaskClient) -> None:
    save(organiser, webinar)

    (entry,) = db.session.scalars(db.select(AuditEntry).where(AuditEntry.act == "live.furnish"))
    assert (entry.thing, entry.details) == (f"webinar:{webinar.id}", {})


def test_everybody_is_sent_to_the_backup_room_and_back(
    webinar: Webinar, organiser: FlaskClient, client: FlaskClient
) -> None:
    save(organiser, webinar)
    row = make_registration(webinar)
    place, token = f"/webinars/{webinar.id}", {"t": row.token}

    def leads_to() -> str:
        return client.post(f"{place}/join", data=token).headers["Refresh"].partition("url=")[2]

    assert leads_to() == URL
    organiser.post(f"{place}/room/backup")
    assert leads_to() == BACKUP
    polled = client.get(f"{place}/live?t={row.token}").text
    assert "Everybody is in the backup room now." in polled
    assert BACKUP not in polled
    organiser.post(f"{place}/room/first")
    assert leads_to() == URL


def test_without_a_backup_room_nobody_is_sent_there(
    webinar: Webinar, organiser: FlaskClient
) -> None:
    organiser.post(f"/webinars/{webinar.id}/room/backup")

    page = organiser.get(f"/webinars/{webinar.id}/room")
    assert "Save the address of a backup room first." in page.text
    assert db.session.get(Room, webinar.id) is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://rooms.example.org/1"}, "Give the whole address"),
        ({"url": "javascript:alert(1)"}, "Give the whole address"),
        ({"backup_url": "data:text/html,x"}, "Give the whole address"),
        ({"url": "https://me@rooms.example.org/"}, "Give the whole address"),
        ({"url": 'https://rooms.example.org/"><script>'}, "Give the whole address"),
        ({"url": "https://localhost/webinars/1/join"}, "This is an address of our own."),
        ({"backup_url": "https://LOCALHOST/1"}, "This is an address of our own."),
        ({"url": "https://x.example.org/" + "a" * 500}, "Up to 500 characters."),
        ({"dial_in": "1" * 501}, "Up to 500 characters."),
        ({"provider": "jitsi"}, "Not a valid choice"),
        ({"provider": ""}, "Choose where it takes place."),
        ({"provider": "pigeon"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_a_room_comes_back(
    webinar: Webinar, organiser: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = save(organiser, webinar, **changes)

    assert answer.status_code == 422
    assert words in answer.text
    db.session.refresh(webinar)
    assert webinar.room_url == ROOM
    assert db.session.get(Room, webinar.id) is None


def test_jitsi_room_has_a_name_that_nobody_guesses_and_keeps_it(
    app: Flask, webinar: Webinar, organiser: FlaskClient
) -> None:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, jitsi_url="https://meet.example.org")
    names = set()
    for _ in range(2):
        assert save(organiser, webinar, provider="jitsi", url="").status_code == 302
        db.session.rollback()
        names.add(db.session.get_one(Room, webinar.id).name)
    app.extensions["settings"] = before

    (name,) = names
    assert len(name) >= 20
    assert name.isalnum()
    assert db.session.get_one(Room, webinar.id).provider is Provider.JITSI


@pytest.mark.parametrize("page", ["", "/backup", "/first"])
def test_room_is_the_organisers_alone(
    webinar: Webinar, client: FlaskClient, client_for: SignIn, page: str
) -> None:
    address = f"/webinars/{webinar.id}/room{page}"
    stranger = client_for(make_user())

    assert stranger.post(address).status_code == 403
    assert client.post(address).headers["Location"].startswith("/sign-in")
    assert stranger.post(f"/webinars/999/room{page}").status_code == 404


def test_reading_changes_nothing(webinar: Webinar, organiser: FlaskClient) -> None:
    for page in ("", "/backup", "/first"):
        organiser.head(f"/webinars/{webinar.id}/room{page}")

    assert db.session.get(Room, webinar.id) is None
