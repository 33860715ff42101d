"""Seats: for which city or organisation a person speaks, from when until when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.enums import SeatRole
from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.db import db
from app.network.models import City, Organisation


def give_seat(
    user: User,
    body: City | Organisation,
    role: SeatRole = SeatRole.VOICE,
    *,
    title: str = "",
    starts_on: date | None = None,
) -> Seat:
    """Seat a person in a city or organisation, from today if no day is given."""
    seat = Seat(
        user_id=user.id,
        city_id=body.id if isinstance(body, City) else None,
        organisation_id=body.id if isinstance(body, Organisation) else None,
        role=role,
        title=title[:120],
        starts_on=starts_on or utcnow().date(),
    )
    db.session.add(seat)
    db.session.flush()
    return seat


def seat_after(seat: Seat, successor: User, starts_on: date) -> Seat:
    """Seat a successor in the same city or organisation, with the same role and task."""
    new = Seat(
        user_id=successor.id,
        city_id=seat.city_id,
        organisation_id=seat.organisation_id,
        role=seat.role,
        title=seat.title,
        starts_on=starts_on,
    )
    db.session.add(new)
    db.session.flush()
    return new


def end_seat(seat: Seat, last_day: date | None = None) -> None:
    seat.ends_on = last_day or utcnow().date()


def users_with_seats(ids: Iterable[int]) -> Sequence[User]:
    """With all their seats and the bodies of these, so that `seat_of` asks nothing."""
    wanted = set(ids)
    if not wanted:
        return []
    seats = selectinload(User.seats)
    whole = (seats.joinedload(Seat.city), seats.joinedload(Seat.organisation))
    return db.session.scalars(select(User).where(User.id.in_(wanted)).options(*whole)).all()


def seat_of(user: User) -> Seat | None:
    """`current_seat` among the seats that are read already."""
    today = utcnow().date()
    held = [s for s in user.seats if s.starts_on <= today and (not s.ends_on or s.ends_on >= today)]
    return min(held, key=lambda seat: (seat.starts_on, seat.id), default=None)
