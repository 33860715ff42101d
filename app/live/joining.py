"""The join page: when the door opens, for whom, and who came (spec/webinars 6.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.webinars import seats
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Speaker, Webinar
from app.webinars.permissions import can_manage
from app.webinars.phases import LOBBY_OPENS, ROOM_CLOSES

HOSTS_ENTER = timedelta(minutes=45)
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
    UNPLANNED = "unplanned"  # a draft, or nobody knows the hour


@dataclass(frozen=True)
class Entrance:
    """What the join page shows one person now. `opens_at` is when the door opens for them."""

    standing: Standing
    door: Door
    opens_at: datetime | None
    may_enter: bool


def entrance(
    webinar: Webinar,
    viewer: User | None,
    speaker: Speaker | None,
    registration: Registration | None,
) -> Entrance:
    """Decide from the clock and from what the person is. Shows nothing of the room."""
    standing = _standing(webinar, viewer, speaker, registration)
    opens_at = _opens_at(webinar, standing)
    door = _door(webinar, opens_at, utcnow())
    return Entrance(standing, door, opens_at, _may_enter(webinar, standing, door))


def enter(webinar: Webinar, registration: Registration | None, *, is_host: bool = False) -> str:
    """Note that the person came, the first time, and give the room's address.

    Callers checked `Entrance.may_enter`. Somebody who waited takes the live seat now; empty when
    others were faster.
    """
    seats.hold(webinar.id)
    if registration is not None:
        db.session.refresh(registration)
        if registration.state in WAITS:
            if not is_host and not _has_live_seat(webinar):
                return ""
            registration.state = RegistrationState.CONFIRMED
            registration.confirmed_at = utcnow()
        registration.joined_at = registration.joined_at or utcnow()
    return webinar.room_url


def _standing(
    webinar: Webinar,
    viewer: User | None,
    speaker: Speaker | None,
    registration: Registration | None,
) -> Standing:
    if speaker is not None or can_manage(viewer, webinar):
        return Standing.HOST
    by_state = {
        RegistrationState.CONFIRMED: Standing.PARTICIPANT,
        RegistrationState.ON_HOLD: Standing.PARTICIPANT,
        RegistrationState.WAITLISTED: Standing.WAITING,
        RegistrationState.OFFERED: Standing.WAITING,
        RegistrationState.PENDING_EMAIL: Standing.PENDING,
    }
    return (
        by_state.get(registration.state, Standing.STRANGER) if registration else Standing.STRANGER
    )


def _opens_at(webinar: Webinar, standing: Standing) -> datetime | None:
    if webinar.starts_at is None:
        return None
    if standing is Standing.WAITING:
        return webinar.starts_at + WAITING_ENTER
    return webinar.starts_at - (HOSTS_ENTER if standing is Standing.HOST else LOBBY_OPENS)


def _door(webinar: Webinar, opens_at: datetime | None, now: datetime) -> Door:
    if webinar.status == Status.CANCELLED:
        return Door.CANCELLED
    if opens_at is None or webinar.ends_at is None or webinar.status == Status.DRAFT:
        return Door.UNPLANNED
    if now >= webinar.ends_at + ROOM_CLOSES:
        return Door.CLOSED
    if webinar.status != Status.PUBLISHED:
        return Door.UNPLANNED
    return Door.OPEN if now >= opens_at else Door.EARLY


def _may_enter(webinar: Webinar, standing: Standing, door: Door) -> bool:
    if door is not Door.OPEN:
        return False
    if standing is Standing.WAITING:
        return _has_live_seat(webinar)
    return standing in {Standing.HOST, Standing.PARTICIPANT}


def _has_live_seat(webinar: Webinar) -> bool:
    return webinar.capacity is None or seats.joined_count(webinar) < webinar.capacity
