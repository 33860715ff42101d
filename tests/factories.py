"""Rows that many tests need. People are roles, never invented names."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from typing import Any, TypeVar

from app.accounts.enums import SeatRole, SiteRole
from app.accounts.models import Group, GroupMember, Seat, User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.enums import Visibility
from app.network.models import City
from app.topics.enums import LineColour
from app.topics.models import Topic, TopicGrant, TopicSteward

T = TypeVar("T")
_numbers = itertools.count(1)


def make_city(name: str = "Graz", **changes: Any) -> City:
    values: dict[str, Any] = {
        "slug": name.lower(),
        "names": {"en": name},
        "languages": ["de"],
        "country_code": "AT",
        "latitude": 47.07,
        "longitude": 15.44,
        "timezone": "Europe/Vienna",
        "created_at": utcnow(),
    }
    return _kept(City(**(values | changes)))


def make_user(name: str = "Human rights officer", city: City | None = None, **changes: Any) -> User:
    """An approved member; with a city, one who holds a voice there."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "email": f"person{number}@demo.invalid",
        "handle": f"person{number}",
        "display_name": name,
        "fs_uniquifier": uuid.uuid4().hex,
        "active": True,
        "confirmed_at": utcnow(),
        "approved_at": utcnow() - timedelta(days=30),  # no new member (spec/forum 5.12)
        "created_at": utcnow(),
        "role": SiteRole.MEMBER,
        "timezone": "Europe/Brussels",
    }
    user = _kept(User(**(values | changes)))
    if city is not None:
        make_seat(user, city, title=name)
    return user


def make_seat(user: User, city: City, **changes: Any) -> Seat:
    values: dict[str, Any] = {
        "user_id": user.id,
        "city_id": city.id,
        "role": SeatRole.VOICE,
        "starts_on": date(2024, 1, 1),
    }
    return _kept(Seat(**(values | changes)))


def make_group(*members: User, slug: str = "practitioners") -> Group:
    group = _kept(Group(slug=slug, names={"en": slug.capitalize()}))
    for member in members:
        _kept(GroupMember(group_id=group.id, user_id=member.id))
    return group


def make_topic(
    slug: str = "covid-19-responses", groups: list[Group] | None = None, **changes: Any
) -> Topic:
    values: dict[str, Any] = {
        "slug": slug,
        "number": next(_numbers),
        "colour": LineColour.HOUSING,
        "names": {"en": slug.replace("-", " ").capitalize()},
        "descriptions": {"en": "What cities did, what stays."},
        "visibility": Visibility.PUBLIC,
        "created_at": utcnow(),
    }
    topic = _kept(Topic(**(values | changes)))
    for group in groups or []:
        _kept(TopicGrant(topic_id=topic.id, group_id=group.id))
    return topic


def make_steward(topic: Topic, user: User) -> None:
    _kept(TopicSteward(topic_id=topic.id, user_id=user.id))


def _kept(row: T) -> T:
    with write() as session:
        session.add(row)
    db.session.refresh(row)
    return row
