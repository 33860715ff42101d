from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine

from app.live.rooms.entering import Person
from app.live.rooms.jitsi import Jitsi
from config import Settings, read_settings
from tests.live.rooms.test_bigbluebutton import PLACE

pytestmark = pytest.mark.any_engine

SECRET = "a secret of forty characters, or some more"
JITSI = Jitsi()
HOST = Person("Human rights officer", "u3", is_host=True)
GUEST = Person('Ann "x" & Co', "r7", is_host=False)


def settings(folder: Path, url: str = "https://meet.example.org", **more: str) -> Settings:
    return read_settings({"DATA_DIR": str(folder), "JITSI_URL": url} | more)


def signed(folder: Path, url: str = "https://meet.example.org") -> Settings:
    return settings(folder, url, JITSI_APP_ID="ours", JITSI_APP_SECRET=SECRET)


def test_open_server_needs_no_token(tmp_path: Path) -> None:
    address = JITSI.address(settings(tmp_path), PLACE, GUEST)

    assert address.partition("#")[0] == f"https://meet.example.org/{PLACE.name}"
    assert " " not in address


@pytest.mark.parametrize(
    ("person", "affiliation", "moderator"), [(HOST, "owner", "true"), (GUEST, "member", "false")]
)
def test_token_has_the_claims_that_jitsi_documents(
    tmp_path: Path, person: Person, affiliation: str, moderator: str
) -> None:
    address = urlsplit(JITSI.address(signed(tmp_path), PLACE, person))
    token = parse_qs(address.query)["jwt"][0]

    with time_machine.travel(PLACE.opens_at):
        claims = jwt.decode(token, SECRET, ["HS256"], audience="ours", issuer="ours")

    assert address.path == f"/{PLACE.name}"
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}
    assert claims == {
        "aud": "ours",
        "iss": "ours",
        "sub": "meet.example.org",
        "room": PLACE.name,
        "nbf": int(PLACE.opens_at.timestamp()),
        "exp": int(PLACE.closes_at.timestamp()),
        "context": {
            "user": {
                "id": person.key,
                "name": person.name,
                "affiliation": affiliation,
                "moderator": moderator,
            }
        },
    }


@pytest.mark.parametrize(
    ("moment", "wrong"),
    [(-1, jwt.ImmatureSignatureError), (2 * 3600 + 15 * 60, jwt.ExpiredSignatureError)],
)
def test_token_opens_the_room_in_its_hours_only(
    tmp_path: Path, moment: int, wrong: type[Exception]
) -> None:
    token = JITSI.address(signed(tmp_path), PLACE, GUEST).partition("jwt=")[2]

    with time_machine.travel(PLACE.opens_at.timestamp() + moment), pytest.raises(wrong):
        jwt.decode(token, SECRET, ["HS256"], audience="ours")


def test_tenant_in_the_address_is_the_subject(tmp_path: Path) -> None:
    address = JITSI.address(signed(tmp_path, "https://meet.example.org/Cities"), PLACE, GUEST)
    claims = jwt.decode(address.partition("jwt=")[2], options={"verify_signature": False})

    assert address.startswith(f"https://meet.example.org/Cities/{PLACE.name}?jwt=")
    assert claims["sub"] == "cities"


def test_without_settings_there_is_no_room(tmp_path: Path) -> None:
    bare = read_settings({"DATA_DIR": str(tmp_path)})

    assert not JITSI.is_offered(bare)
    assert JITSI.address(bare, PLACE, GUEST) == ""
