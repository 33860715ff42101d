from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from app.live.rooms.bigbluebutton import BigBlueButton
from app.live.rooms.entering import Person, Place, ProviderSilent
from config import Settings, read_settings
from tests.factories_registrations import at
from tests.live.rooms.bbb_server import SECRET, Asked, bbb_server

pytestmark = pytest.mark.any_engine

PLACE = Place(
    title="Wohnen, für alle & jetzt?",
    url="",
    name="abcdefghijklmnopqrstuvwx",
    moderator_secret="m" * 32,
    attendee_secret="a" * 32,
    opens_at=at("2026-03-25T08:15:00+00:00"),
    closes_at=at("2026-03-25T10:30:00+00:00"),
)
BBB = BigBlueButton()


@pytest.fixture
def server() -> Iterator[tuple[str, Asked]]:
    with bbb_server() as running:
        yield running


@pytest.fixture
def settings(server: tuple[str, Asked], tmp_path: Path) -> Settings:
    return read_settings({"DATA_DIR": str(tmp_path), "BBB_URL": server[0], "BBB_SECRET": SECRET})


def test_room_is_made_and_made_again(settings: Settings, server: tuple[str, Asked]) -> None:
    for _ in range(2):
        BBB.make(settings, PLACE)

    first, second = server[1].calls
    assert first == second
    call, given = first
    assert call == "create"
    assert (given["name"], given["meetingID"]) == (PLACE.title, PLACE.name)
    assert (given["moderatorPW"], given["attendeePW"]) == ("m" * 32, "a" * 32)
    assert given["record"] == "false"


@pytest.mark.parametrize(
    ("mood", "wrong"),
    [("taken", "idNotUnique"), ("ill", "status 502"), ("odd", "no answer of this API")],
)
def test_refusals_and_illness_are_told_by_name(
    settings: Settings, server: tuple[str, Asked], mood: str, wrong: str
) -> None:
    server[1].mood = mood

    with pytest.raises(ProviderSilent) as caught:
        BBB.make(settings, PLACE)

    assert str(caught.value) == wrong


def test_wrong_secret_is_told_and_not_said(settings: Settings) -> None:
    with pytest.raises(ProviderSilent) as caught:
        BBB.make(replace(settings, bbb_secret="another"), PLACE)

    assert str(caught.value) == "checksumError"


def test_nobody_waits_for_ever(settings: Settings, server: tuple[str, Asked]) -> None:
    server[1].mood = "silent"

    with pytest.raises(ProviderSilent) as caught:
        BigBlueButton(patience_seconds=0.05).make(settings, PLACE)

    assert str(caught.value) == "TimeoutError"


def test_server_that_is_away_is_told(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        away = replace(settings, bbb_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ProviderSilent):
            BBB.make(away, PLACE)


@pytest.mark.parametrize(
    ("is_host", "role", "password"), [(True, "MODERATOR", "m"), (False, "VIEWER", "a")]
)
def test_address_says_who_enters_as_what(
    settings: Settings, is_host: bool, role: str, password: str
) -> None:
    address = urlsplit(BBB.address(settings, PLACE, Person("Łódź, office", "r7", is_host)))
    said, _, checksum = address.query.rpartition("&checksum=")
    given: Any = {name: values[0] for name, values in parse_qs(said).items()}

    assert address.path == "/bigbluebutton/api/join"
    assert given["fullName"] == "Łódź, office"
    assert (given["meetingID"], given["role"]) == (PLACE.name, role)
    assert given["password"] == password * 32
    assert checksum == hashlib.sha256(f"join{said}{SECRET}".encode()).hexdigest()


def test_without_settings_there_is_no_room(tmp_path: Path) -> None:
    bare = read_settings({"DATA_DIR": str(tmp_path)})

    assert not BBB.is_offered(bare)
    assert BBB.address(bare, PLACE, Person("Somebody", "r7", is_host=False)) == ""
    with pytest.raises(ProviderSilent):
        BBB.make(bare, PLACE)
