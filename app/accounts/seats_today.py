"""The seats that one person holds today, by a statement that is prepared once for everybody."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Integer, Select, bindparam, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Seat, User
from app.core.clock import utcnow
from app.core.prepared import Prepared, loaded
from app.network.models import City, Organisation

SEAT, CITY, BODY = (tuple(model.__table__.columns) for model in (Seat, City, Organisation))
TODAY = bindparam("today", type_=Date)


def seats_today(person: User) -> list[Seat]:
    """The oldest first, each with its city or organisation."""
    rows = _held.rows((), person_id=person.id, today=utcnow().date())
    return [_seat(row) for row in rows]


def _seat(row: tuple[Any, ...]) -> Seat:
    seat = loaded(Seat, SEAT, row[: len(SEAT)])
    city, body = row[len(SEAT) : -len(BODY)], row[-len(BODY) :]
    set_committed_value(seat, "city", loaded(City, CITY, city) if city[0] else None)
    set_committed_value(seat, "organisation", loaded(Organisation, BODY, body) if body[0] else None)
    return seat


@Prepared
def _held() -> Select[Any]:
    return (
        select(*SEAT, *CITY, *BODY)
        .select_from(Seat)
        .outerjoin(Seat.city)
        .outerjoin(Seat.organisation)
        .where(Seat.user_id == bindparam("person_id", type_=Integer))
        .where(Seat.starts_on <= TODAY, or_(Seat.ends_on.is_(None), Seat.ends_on >= TODAY))
        .order_by(Seat.starts_on, Seat.id)
    )
