"""Cities and the officials who sit for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.accounts.enums import SeatRole, SiteRole
from app.accounts.models import Seat, User
from app.core.stocking import stock
from app.demo.crowd.size import CITIES, YEARS, Crowd
from app.network.admitting import CityFacts, add_city, begin_membership
from app.network.enums import MembershipKind

KNOWN = "official"
"""Signs in as official@demo.invalid with the demo password, like everybody here."""

ORGANISER = 1
"""The second member organises all webinars and writes their notes: member-2@demo.invalid."""

TITLES = ["Human rights officer", "Equality officer", "Housing office", "Mayor's office"]
COUNTRIES = ["AT", "DE", "ES", "FR", "IT", "NL", "SE", "BE", "PT", "PL"]
LANGUAGES = ["de", "de", "es", "fr", "it", "nl", "sv", "nl", "pt", "pl"]


def admit_cities(crowd: Crowd) -> Iterator[int]:
    """Spread over the map, each a member for years."""
    for number in range(CITIES):
        place = number % len(COUNTRIES)
        name = f"Measured city {number + 1}"
        city = add_city(
            CityFacts(
                names={"en": name, LANGUAGES[place]: name},
                languages=[LANGUAGES[place]],
                country_code=COUNTRIES[place],
                latitude=37 + (number * 7) % 24,
                longitude=-8 + (number * 11) % 34,
                timezone="Europe/Brussels",
                population=40_000 + number * 9_000,
                is_demo=True,
            )
        )
        kind = MembershipKind.PARTNER if number % 3 else MembershipKind.ASSOCIATE
        begin_membership(city, kind, starts_on=_joined_on(crowd))
        yield 1


def seat_members(crowd: Crowd, password_hash: str) -> Iterator[int]:
    yield from stock(User, _members(crowd, password_hash))
    yield from stock(Seat, _seats(crowd))


def _members(crowd: Crowd, password_hash: str) -> Iterator[dict[str, Any]]:
    joined = crowd.now - YEARS
    for number in range(crowd.size.members):
        name = f"member-{number + 1}" if number else KNOWN
        yield {
            "id": crowd.user + number,
            "email": f"{name}@demo.invalid",
            "password": password_hash,
            "active": True,
            "fs_uniquifier": f"measured-{name}",
            "confirmed_at": joined,
            "display_name": f"{TITLES[number % len(TITLES)]} {number + 1}",
            "handle": name,
            "role": SiteRole.ORGANISER if number == ORGANISER else SiteRole.MEMBER,
            "approved_at": joined,
            "wishes": "",
            "timezone": "Europe/Brussels",
            "counts_as_reader": True,
            "is_demo": True,
            "created_at": joined,
        }


def _seats(crowd: Crowd) -> Iterator[dict[str, Any]]:
    for number in range(crowd.size.members):
        yield {
            "id": crowd.seat + number,
            "user_id": crowd.user + number,
            "city_id": crowd.city_of(number),
            "role": SeatRole.CONTRIBUTOR if number % 5 else SeatRole.VOICE,
            "title": TITLES[number % len(TITLES)],
            "starts_on": _joined_on(crowd),
        }


def _joined_on(crowd: Crowd) -> date:
    return (crowd.now - YEARS).date()
