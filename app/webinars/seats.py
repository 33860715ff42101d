"""Seats and the waiting list (spec/webinars 6.2). Callers hold the webinar's row lock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, or_, select

from app.core.clock import utcnow
from app.core.db import db, locked
from app.core.prepared import Prepared
from app.webinars import inviting, reminding
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import Registration, Webinar

TAKEN = [RegistrationState.CONFIRMED, RegistrationState.OFFERED]
LAST_PROMOTION = timedelta(hours=2)
SHORT_NOTICE = timedelta(hours=24)


def hold(webinar_id: int) -> Webinar:
    """The webinar with its row locked until the transaction ends: seats are counted once."""
    return db.session.scalars(locked(select(Webinar).where(Webinar.id == webinar_id))).one()


def settle(webinar: Webinar, registration: Registration) -> None:
    """Give a seat if one is free and nobody waits for it, else a place on the waiting list."""
    registration.queued_at = utcnow()
    registration.cancelled_at = None
    registration.cancel_source = None
    taken, waiting = _taken_and_waiting(webinar.id)
    if waiting == 0 and (webinar.capacity is None or taken < webinar.capacity):
        _confirm(webinar, registration)
    else:
        registration.state = RegistrationState.WAITLISTED


def promote(webinar: Webinar) -> list[Registration]:
    """Move people up while seats are free, first come first served; say who.

    Call it after a cancellation and when the capacity was raised. In the last two hours nobody
    is moved up by mail: it would not be read in time.
    """
    if not _is_in_time(webinar):
        return []
    promoted = list(db.session.scalars(_waiting_in_order(webinar, free_count(webinar))))
    for registration in promoted:
        _confirm(webinar, registration, was_waiting=True)
    return promoted


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
    ahead = or_(
        Registration.queued_at < registration.queued_at,
        and_(Registration.queued_at == registration.queued_at, Registration.id < registration.id),
    )
    waiting = Registration.state == RegistrationState.WAITLISTED
    return _count(registration.webinar, waiting & ahead) + 1


def _confirm(webinar: Webinar, registration: Registration, *, was_waiting: bool = False) -> None:
    registration.state = RegistrationState.CONFIRMED
    registration.confirmed_at = utcnow()
    db.session.flush()
    inviting.invite(registration, was_waiting=was_waiting)
    reminding.plan_for(registration, webinar)


def _is_in_time(webinar: Webinar) -> bool:
    return (
        webinar.status == Status.PUBLISHED
        and webinar.starts_at is not None
        and webinar.starts_at - utcnow() >= LAST_PROMOTION
    )


def _waiting_in_order(webinar: Webinar, most: int | None) -> Select[Registration]:
    return locked(
        select(Registration)
        .where(
            Registration.webinar_id == webinar.id,
            Registration.state == RegistrationState.WAITLISTED,
        )
        .order_by(Registration.queued_at, Registration.id)
        .limit(most)
    )


def _count(webinar: Webinar, condition: ColumnElement[bool]) -> int:
    rows = select(func.count()).select_from(Registration)
    return db.session.scalar(rows.where(Registration.webinar_id == webinar.id, condition)) or 0
