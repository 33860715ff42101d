"""The join page: when the door opens, for whom, and who came (spec/webinars 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, cast

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import seats
from app.webinars.enums import RegistrationState, SpeakerState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.permissions import can_manage
from app.webinars.phases import HOSTS_ENTER, LOBBY_OPENS, ROOM_CLOSES

WAITING_ENTER = timedelta(minutes=5)
WAITS = {RegistrationState.WAITLISTED, RegistrationState.OFFERED}


class Standing(StrEnum):
    """What somebody is to this webinar."""

    HOST = "host"  # organises or speaks
    PARTICIPANT = "participant"
    WAITING = "waiting"
    PENDING = "pending"  # the address is not confirmed yet
    STRANGER = "stranger"


class Door(StrEnum):
    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    UNPLANNED = "unplanned"  # a draft, or nobody knows the hour


BY_STATE = {
    RegistrationState.CONFIRMED: Standing.PARTICIPANT,
    RegistrationState.ON_HOLD: Standing.PARTICIPANT,
    RegistrationState.WAITLISTED: Standing.WAITING,
    RegistrationState.OFFERED: Standing.WAITING,
    RegistrationState.PENDING_EMAIL: Standing.PENDING,
}
BY_STATUS = {Status.CANCELLED: Door.CANCELLED, Status.POSTPONED: Door.POSTPONED}


class Hours(Protocol):
    """A webinar, or the few columns of it that decide about its door."""

    @property
    def id(self) -> int: ...
    @property
    def status(self) -> Status: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def capacity(self) -> int | None: ...


@dataclass(frozen=True)
class Entrance:
    """What the join page shows one person now. `opens_at` is when the door opens for them."""

    standing: Standing
    door: Door
    opens_at: datetime | None
    may_enter: bool

    @property
    def is_stranger(self) -> bool:
        return self.standing in {Standing.STRANGER, Standing.PENDING}


def entrance(
    webinar: Webinar,
    viewer: User | None,
    speaker: Speaker | None,
    registration: Registration | None,
) -> Entrance:
    """Decide from the clock and from what the person is. Shows nothing of the room."""
    speaks = speaker is not None and speaker.state != SpeakerState.DECLINED
    is_host = speaks or can_manage(viewer, webinar)
    return entrance_of(webinar, registration.state if registration else None, is_host=is_host)


def entrance_of(hours: Hours, state: RegistrationState | None, *, is_host: bool) -> Entrance:
    standing = _standing(state, is_host=is_host)
    opens_at = _opens_at(hours, standing)
    door = _door(hours, opens_at, utcnow())
    return Entrance(standing, door, opens_at, _may_enter(hours, standing, door))


def enter(webinar: Webinar, registration: Registration | None, *, is_host: bool = False) -> bool:
    """Note that the person came, the first time. False: others were faster.

    Callers checked `Entrance.may_enter`. Somebody who waited takes the live seat now.
    """
    seats.hold(webinar.id)
    if registration is None:
        return True
    db.session.refresh(registration)
    if registration.state in WAITS:
        if not is_host and not _has_live_seat(webinar):
            return False
        registration.state = RegistrationState.CONFIRMED
        registration.confirmed_at = utcnow()
    registration.joined_at = registration.joined_at or utcnow()
    return True


def _standing(state: RegistrationState | None, *, is_host: bool) -> Standing:
    if is_host:
        return Standing.HOST
    return BY_STATE.get(state, Standing.STRANGER) if state else Standing.STRANGER


def _opens_at(hours: Hours, standing: Standing) -> datetime | None:
    if hours.starts_at is None:
        return None
    if standing is Standing.WAITING:
        return hours.starts_at + WAITING_ENTER
    return hours.starts_at - (HOSTS_ENTER if standing is Standing.HOST else LOBBY_OPENS)


def _door(hours: Hours, opens_at: datetime | None, now: datetime) -> Door:
    """`ended_at`: an organiser closed the room before its time."""
    if hours.status in BY_STATUS:
        return BY_STATUS[hours.status]
    if opens_at is None or hours.ends_at is None or hours.status == Status.DRAFT:
        return Door.UNPLANNED
    is_ended = hours.ended_at is not None and hours.ended_at <= now
    if is_ended or now >= hours.ends_at + ROOM_CLOSES:
        return Door.CLOSED
    if hours.status != Status.PUBLISHED:
        return Door.UNPLANNED
    return Door.OPEN if now >= opens_at else Door.EARLY


def _may_enter(hours: Hours, standing: Standing, door: Door) -> bool:
    if door is not Door.OPEN:
        return False
    if standing is Standing.WAITING:
        return _has_live_seat(hours)
    return standing in {Standing.HOST, Standing.PARTICIPANT}


def _has_live_seat(hours: Hours) -> bool:
    return hours.capacity is None or seats.joined_count(cast(Webinar, hours)) < hours.capacity
