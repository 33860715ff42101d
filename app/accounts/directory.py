"""People as others find them: by name, by city, by what they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import (
    Seat,
    User,
)
from app.accounts.queries import person_by_email, seats_held
from app.accounts.reader import kind_of, reader_values
from app.core.db import db
from app.core.prepared import Prepared
from app.network.models import City

MOST_SEATS = 200


def people_of_city(city_id: int, on: date | None = None) -> Sequence[Seat]:
    """Who holds a seat in a city today: approved people, by name."""
    return db.session.scalars(
        seats_held(on)
        .join(Seat.user)
        .where(Seat.city_id == city_id, User.approved_at.is_not(None), User.active)
        .options(contains_eager(Seat.user))
        .order_by(None)
        .order_by(User.display_name, Seat.id)
    ).all()


def own_city(person: User, day: date) -> str:
    """The slug of the city a person speaks for on a day; empty when it is none."""
    row = _own_city.first((kind_of(person),), day=day, **reader_values(person))
    return str(row[0] or "") if row else ""


@Prepared
def _own_city(reader: User) -> Any:
    day = bindparam("day", type_=Date)
    return (
        select(City.slug)
        .select_from(Seat)
        .outerjoin(Seat.city)
        .where(Seat.user_id == reader.id)
        .where(Seat.starts_on <= day, or_(Seat.ends_on.is_(None), Seat.ends_on >= day))
        .order_by(Seat.starts_on, Seat.id)
        .limit(1)
    )


def members(viewer: User | None) -> Select[User]:
    """The directory: approved people with their seats; nobody for visitors and applicants."""
    listed = select(User).where(User.approved_at.is_not(None), User.active)
    if viewer is None or not viewer.is_approved:
        listed = listed.where(false())
    return listed.options(
        selectinload(User.seats).options(joinedload(Seat.city), joinedload(Seat.organisation))
    ).order_by(User.display_name, User.id)


def applicants() -> Select[User]:
    """Who confirmed an address and waits for a decision, the longest waiting first."""
    return (
        select(User)
        .where(User.approved_at.is_(None), User.active, User.confirmed_at.is_not(None))
        .order_by(User.created_at, User.id)
    )


def one_applicant(user_id: int) -> Select[User]:
    return applicants().where(User.id == user_id)


def demo_people(emails: Sequence[str]) -> list[User]:
    """The demo accounts that are here, in the order of the addresses."""
    found = db.session.scalars(select(User).where(User.email.in_(emails), User.is_demo)).all()
    return sorted(found, key=lambda user: emails.index(user.email))


def people_by_city(day: date) -> dict[int, int]:
    """How many approved people hold a seat in each city."""
    counts = (
        select(Seat.city_id, func.count(func.distinct(Seat.user_id)))
        .join(Seat.user)
        .where(Seat.city_id.is_not(None), _held_on(day))
        .group_by(Seat.city_id)
    )
    return {city_id: count for city_id, count in db.session.execute(counts) if city_id}


def city_seat_ids(city_id: int) -> Select[int]:
    """All seats a city ever had, also ended ones: what was written with them stays the city's."""
    return select(Seat.id).where(Seat.city_id == city_id)


def city_seats(city_id: int) -> list[int]:
    """The same as numbers, the newest first, of so many as a statement may name."""
    listed = city_seat_ids(city_id).order_by(Seat.id.desc()).limit(MOST_SEATS)
    return list(db.session.scalars(listed))


def city_people_ids(city_id: int, day: date) -> Select[int]:
    return select(Seat.user_id).join(Seat.user).where(Seat.city_id == city_id, _held_on(day))


def _held_on(day: date) -> ColumnElement[bool]:
    return and_(
        User.active,
        User.approved_at.is_not(None),
        Seat.starts_on <= day,
        or_(Seat.ends_on.is_(None), Seat.ends_on >= day),
    )


def members_matching(listed: Select[User], wanted: str) -> Select[User]:
    """Narrow a list of people to a part of their name or of their task."""
    if not wanted:
        return listed
    task = User.seats.any(Seat.title.icontains(wanted, autoescape=True))
    return listed.where(or_(User.display_name.icontains(wanted, autoescape=True), task))


def people_meant(viewer: User | None, who: str, most: int) -> list[User]:
    """Whom somebody means: by address exactly, by name as far as it is written."""
    if "@" in who:
        person = person_by_email(who)
        return [person] if person and person.is_approved and person.active else []
    return list(db.session.scalars(members_matching(members(viewer), who).limit(most)))


def everybody() -> Select[User]:
    """For the office: all people who were let in, also those whose account is closed."""
    return select(User).where(User.approved_at.is_not(None)).order_by(User.display_name, User.id)


def demo_people_ids() -> Select[int]:
    return select(User.id).where(User.is_demo)


def real_people_ids() -> Select[int]:
    return select(User.id).where(~User.is_demo)


def anybody_is_here() -> bool:
    return db.session.scalar(select(User.id).limit(1)) is not None
