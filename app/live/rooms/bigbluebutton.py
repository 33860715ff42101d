"""Rooms at a BigBlueButton, by its API (docs.bigbluebutton.org/development/api).

`create` may be asked again and again with the same values. The server forgets a room to which
nobody came for some minutes; so it is asked all the time while the room's hours run.
"""

from __future__ import annotations

import hashlib
import http.client
import urllib.request
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from app.live.rooms.entering import Person, Place, ProviderSilent
from config import Settings

PATIENCE_SECONDS = 5.0
MOST_BYTES = 64 * 1024
MINUTES_AFTER_LAST_LEFT = 30


@dataclass(frozen=True)
class BigBlueButton:
    patience_seconds: float = PATIENCE_SECONDS
    makes_rooms: bool = True

    def is_offered(self, settings: Settings) -> bool:
        return settings.bbb_url is not None

    def address(self, settings: Settings, place: Place, person: Person) -> str:
        if settings.bbb_url is None or not place.name:
            return ""
        entering = {
            "fullName": person.name,
            "meetingID": place.name,
            "password": place.moderator_secret if person.is_host else place.attendee_secret,
            "role": "MODERATOR" if person.is_host else "VIEWER",
            "userID": person.key,
            "redirect": "true",
        }
        return _signed(settings, "join", entering)

    def make(self, settings: Settings, place: Place) -> None:
        if settings.bbb_url is None:
            raise ProviderSilent("BBB_URL is not set")
        wanted = {
            "name": place.title,
            "meetingID": place.name,
            "moderatorPW": place.moderator_secret,
            "attendeePW": place.attendee_secret,
            "record": "false",
            "meetingExpireWhenLastUserLeftInMinutes": str(MINUTES_AFTER_LAST_LEFT),
        }
        _require_success(_asked(_signed(settings, "create", wanted), self.patience_seconds))


def _signed(settings: Settings, call: str, values: dict[str, str]) -> str:
    query = urlencode(values)
    checksum = hashlib.sha256(f"{call}{query}{settings.bbb_secret}".encode()).hexdigest()
    return f"{settings.bbb_url}/api/{call}?{query}&checksum={checksum}"


def _asked(address: str, patience_seconds: float) -> bytes:
    """The answer; the address holds secrets, so no error repeats it."""
    try:
        with urllib.request.urlopen(address, timeout=patience_seconds) as answer:  # noqa: S310
            return bytes(answer.read(MOST_BYTES))
    except HTTPError as error:
        error.close()
        raise ProviderSilent(f"status {error.code}") from None
    except (OSError, http.client.HTTPException) as error:
        raise ProviderSilent(type(error).__name__) from None


def _require_success(answer: bytes) -> None:
    """Raise ProviderSilent with the server's own key of what is wrong."""
    if b"<!DOCTYPE" in answer:
        raise ProviderSilent("no answer of this API")
    try:
        read = ET.fromstring(answer)  # noqa: S314 - short, from our own server, no DTD
    except ET.ParseError:
        raise ProviderSilent("no answer of this API") from None
    if read.findtext("returncode") != "SUCCESS":
        raise ProviderSilent((read.findtext("messageKey") or "FAILED")[:60])
