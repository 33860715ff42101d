"""Seats and the waiting list (spec/webinars 6.2). Callers hold the webinar's row lock.

Order of locks for everybody: the webinar first, then registrations.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select, update

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.jobs import enqueue
from app.core.prepared import Prepared
from app.webinars import inviting, keeping, reminding
from app.webinars.enums import RegistrationState, Status, Waiting
from app.webinars.keeping import TAKEN, Room
from app.webinars.models import Registration, Webinar

__all__ = ["TAKEN"]

LAST_PROMOTION = timedelta(hours=2)
SHORT_NOTICE = timedelta(hours=24)
LONGEST_OFFER, SHORTEST_OFFER = timedelta(hours=24), timedelta(hours=2)


def hold(webinar_id: int) -> Webinar:
    """The webinar with its row locked until the transaction ends: seats are counted once."""
    return db.session.scalars(locked(select(Webinar).where(Webinar.id == webinar_id))).one()


def settle(
    webinar: Webinar, registration: Registration, *, invited_at: datetime | None = None
) -> None:
    """Give a seat if one is free and nobody waits for it, else a place on the waiting list.

    The place is that of `queued_at`. `invited_at`: mail the invitation then, not at once.
    """
    registration.cancelled_at = None
    registration.cancel_source = None
    taken, waiting = _taken_and_waiting(webinar.id)
    if _finds_seat(webinar, registration, taken, waiting):
        confirm(webinar, registration, invited_at=invited_at)
    else:
        registration.state = RegistrationState.WAITLISTED
        webinar.waitlisted_most = max(webinar.waitlisted_most, waiting + 1)
        keeping.plan_release(webinar)


def promote(webinar: Webinar) -> list[Registration]:
    """Move people up while seats are free, in the order of the list; say who.

    Call it after whatever may have freed a seat: twice is once. Where seats are only offered, the
    people have until `offered_until`. In the last two hours nobody is moved up by mail: it would
    not be read in time.
    """
    if not _is_in_time(webinar):
        return []
    give = _offer if webinar.waiting == Waiting.OFFER else _promote
    promoted = list(_next_in_line(webinar))
    for registration in promoted:
        give(webinar, registration)
    keeping.plan_release(webinar)
    return promoted


def confirm(
    webinar: Webinar,
    registration: Registration,
    *,
    was_waiting: bool = False,
    invited_at: datetime | None = None,
) -> None:
    """The seat is theirs: invite and remind."""
    registration.state = RegistrationState.CONFIRMED
    registration.confirmed_at = utcnow()
    registration.offered_at = registration.offered_until = None
    db.session.flush()
    inviting.invite(registration, was_waiting=was_waiting, run_at=invited_at)
    reminding.plan_for(registration, webinar)


def hold_all(webinar: Webinar) -> None:
    """A postponed webinar: seats are kept, offers go back to the head of the list."""
    _restate(webinar, RegistrationState.CONFIRMED, RegistrationState.ON_HOLD)
    _restate(
        webinar,
        RegistrationState.OFFERED,
        RegistrationState.WAITLISTED,
        offered_at=None,
        offered_until=None,
    )
    webinar.waitlisted_most = max(webinar.waitlisted_most, waiting_count(webinar))


def resume_all(webinar: Webinar) -> None:
    """It has a new date and is published again: everybody has the seat they had."""
    _restate(webinar, RegistrationState.ON_HOLD, RegistrationState.CONFIRMED)
    promote(webinar)


def has_room(webinar: Webinar) -> bool:
    return webinar.capacity is None or taken_count(webinar) < webinar.capacity


def free_count(webinar: Webinar) -> int | None:
    """Free seats, never below 0; None: no limit."""
    if webinar.capacity is None:
        return None
    return max(0, webinar.capacity - taken_count(webinar))


def taken_count(webinar: Webinar) -> int:
    return _count(webinar, Registration.state.in_(TAKEN))


def waiting_count(webinar: Webinar) -> int:
    return _count(webinar, Registration.state == RegistrationState.WAITLISTED)


def joined_count(webinar: Webinar) -> int:
    return _count(webinar, Registration.joined_at.is_not(None))


def place_in_line(registration: Registration) -> int:
    """The place on the waiting list, from 1."""
    waiting = Registration.state == RegistrationState.WAITLISTED
    return _count(registration.webinar, waiting & _is_ahead_of(registration)) + 1


def webinars_with_a_line() -> Select[int]:
    """Those to come that somebody waits for."""
    waiting = select(Registration.webinar_id).where(
        Registration.state == RegistrationState.WAITLISTED
    )
    coming = select(Webinar.id).where(
        Webinar.status == Status.PUBLISHED, Webinar.starts_at > utcnow(), Webinar.id.in_(waiting)
    )
    return coming.order_by(Webinar.id)


def _finds_seat(webinar: Webinar, registration: Registration, taken: int, waiting: int) -> bool:
    if webinar.capacity is not None and taken >= webinar.capacity:
        return False
    if not keeping.is_on(webinar):
        return waiting == 0
    room = keeping.room_of(webinar)
    ahead = db.session.scalars(_waiting_in_order(webinar)) if waiting else ()
    if any(room.has_seat_for(somebody.city_id) for somebody in ahead):
        return False
    return room.has_seat_for(registration.city_id)


def _taken_and_waiting(webinar_id: int) -> tuple[int, int]:
    """Without whoever is just being settled: their row is not sent before it is whole."""
    rows: Any = _by_state.rows((), webinar_id=webinar_id)
    counts: dict[Any, int] = dict(rows)
    waiting = counts.pop(RegistrationState.WAITLISTED, 0)
    return sum(counts.values()), waiting


@Prepared
def _by_state() -> Any:
    here = Registration.webinar_id == bindparam("webinar_id", type_=Integer)
    counted = Registration.state.in_([*TAKEN, RegistrationState.WAITLISTED])
    states = select(Registration.state, func.count(Registration.id)).where(here, counted)
    return states.group_by(Registration.state)


def _next_in_line(webinar: Webinar) -> Iterator[Registration]:
    """Exactly as many as there are seats; who can have none of the kept ones is passed over."""
    if not keeping.is_on(webinar):
        yield from db.session.scalars(_waiting_in_order(webinar).limit(free_count(webinar)))
        return
    room = keeping.room_of(webinar)
    yield from _seated(room, db.session.scalars(_waiting_in_order(webinar)).all())


def _seated(room: Room, waiting: Any) -> Iterator[Registration]:
    for registration in waiting:
        if room.has_seat_for(registration.city_id):
            room.take(registration.city_id)
            yield registration


def _promote(webinar: Webinar, registration: Registration) -> None:
    confirm(webinar, registration, was_waiting=True)


def _offer(webinar: Webinar, registration: Registration) -> None:
    registration.state = RegistrationState.OFFERED
    registration.offered_at = utcnow()
    registration.offered_until = registration.offered_at + _offer_lasts(webinar)
    db.session.flush()
    offered_at = registration.offered_at.isoformat()
    key = f"{registration.id}:{offered_at}"
    enqueue("webinars.send_offer", key, registration_id=registration.id, offered_at=offered_at)
    enqueue(
        "webinars.end_offer",
        key,
        run_at=registration.offered_until,
        registration_id=registration.id,
        offered_at=offered_at,
    )


def _offer_lasts(webinar: Webinar) -> timedelta:
    """A day, or half of the time that is left, but two hours at least."""
    left = webinar.starts_at - utcnow() if webinar.starts_at else LONGEST_OFFER
    return max(SHORTEST_OFFER, min(LONGEST_OFFER, left / 2))


def _is_in_time(webinar: Webinar) -> bool:
    return (
        webinar.status == Status.PUBLISHED
        and webinar.starts_at is not None
        and webinar.starts_at - utcnow() >= LAST_PROMOTION
    )


def _waiting_in_order(webinar: Webinar) -> Select[Registration]:
    return locked(
        select(Registration)
        .where(
            Registration.webinar_id == webinar.id,
            Registration.state == RegistrationState.WAITLISTED,
        )
        .order_by(Registration.priority.desc(), Registration.queued_at, Registration.id)
    )


def _is_ahead_of(registration: Registration) -> ColumnElement[bool]:
    earlier = or_(
        Registration.queued_at < registration.queued_at,
        and_(Registration.queued_at == registration.queued_at, Registration.id < registration.id),
    )
    same = Registration.priority == registration.priority
    return or_(Registration.priority > registration.priority, and_(same, earlier))


def _restate(
    webinar: Webinar, old: RegistrationState, new: RegistrationState, **values: None
) -> None:
    here = update(Registration).where(Registration.webinar_id == webinar.id)
    db.session.flush()
    db.session.execute(here.where(Registration.state == old).values(state=new, **values))


def _count(webinar: Webinar, condition: ColumnElement[bool]) -> int:
    rows = select(func.count()).select_from(Registration)
    return db.session.scalar(rows.where(Registration.webinar_id == webinar.id, condition)) or 0
