"""Who stands at the door, by account or by the token of the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request, url_for

from app.accounts.login import viewer
from app.core.db import db, first_or_404
from app.core.personal_links import token_read
from app.live import devices, joining, rooming
from app.live.admitting import Device
from app.live.joining import Entrance, Standing
from app.live.queries import room_of
from app.live.rooms.entering import Person
from app.webinars.attending import one_registration, registration_of, speaker_of, webinar_to_join

COOKIE = "device"
COOKIE_SECONDS = 24 * 3600
LONGEST_KEY = 64


@dataclass(frozen=True)
class Arrival:
    """`by_link`: the token is that of the registration."""

    webinar: Any
    registration: Any
    speaker: Any
    room: Any
    entrance: Entrance
    token: str
    by_link: bool

    @property
    def is_host(self) -> bool:
        return self.entrance.standing is Standing.HOST

    @property
    def is_elsewhere(self) -> bool:
        """Another browser holds this guest's link."""
        if not self.is_bound:
            return False
        return devices.is_elsewhere(devices.holder_of(self.registration), device_key())

    @property
    def is_bound(self) -> bool:
        return self.by_link and devices.is_bound(self.registration.user_id, viewer())

    def device(self, *, over: bool) -> Device | None:
        return Device(device_key() or devices.new_key(), over) if self.is_bound else None

    def address(self, *, backup: bool = False) -> str:
        """Where this person enters. Only for whoever may."""
        return rooming.address_for(self.webinar, self.room, self._person(), backup=backup)

    def _person(self) -> Person:
        account = viewer()
        if self.registration is not None:
            return Person(self.registration.name, f"r{self.registration.id}", self.is_host)
        if account is not None:
            return Person(account.display_name, f"u{account.id}", self.is_host)
        return Person(self.speaker.name, f"s{self.speaker.id}", self.is_host)


def arrival_at(webinar_id: int, read: str | None) -> Arrival:
    token, person = token_read(read), viewer()
    webinar = first_or_404(webinar_to_join(person, webinar_id, token))
    linked = db.session.scalars(one_registration(token)).first() if token else None
    by_link = linked is not None and linked.webinar_id == webinar.id
    registration = linked if by_link else registration_of(person, webinar)
    speaker = speaker_of(person, webinar, token)
    entrance = joining.entrance(webinar, person, speaker, registration)
    room = room_of(webinar.id)
    return Arrival(webinar, registration, speaker, room, entrance, token, by_link)


def device_key() -> str:
    """Of this browser; empty for one that never joined by a link."""
    key = request.cookies.get(COOKIE, "")
    return key if len(key) <= LONGEST_KEY else ""


def leave_key(response: Response, webinar_id: int, device: Device | None) -> None:
    if device is None:
        return
    response.set_cookie(
        COOKIE,
        device.key,
        max_age=COOKIE_SECONDS,
        path=url_for("joins.show", webinar_id=webinar_id).removesuffix("/join"),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
