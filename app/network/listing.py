"""The directory of cities as rows that can be sorted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.network.models import City, Membership
from app.network.naming import Name, country_name, name_of

SORTS = ("city", "country", "since", "people")


@dataclass(frozen=True)
class CityRow:
    """One line of the directory. `membership` is the running one, else the last one."""

    city: City
    name: Name
    country: str
    membership: Membership | None
    is_current: bool
    people: int


def city_rows(
    cities: Iterable[City], people: Mapping[int, int], day: date, sort: str
) -> list[CityRow]:
    rows = [_row(city, people.get(city.id, 0), day) for city in cities]
    return sorted(rows, key=lambda row: _rank(row, sort))


def sort_named(read: str | None) -> str:
    """The sort an address asks for; anything unknown is the first one."""
    return read if read in SORTS else SORTS[0]


def runs_on(membership: Membership, day: date) -> bool:
    """An unknown first day counts as begun, no last day as not ended."""
    begun = membership.starts_on is None or membership.starts_on <= day
    return begun and (membership.ends_on is None or membership.ends_on >= day)


def by_date(memberships: Iterable[Membership]) -> list[Membership]:
    """The latest period first; those of unknown days last."""
    return sorted(memberships, key=lambda one: (one.starts_on or date.min, one.id), reverse=True)


def _row(city: City, people: int, day: date) -> CityRow:
    periods = by_date(city.memberships)
    running = [one for one in periods if runs_on(one, day)]
    shown = next(iter(running or periods), None)
    return CityRow(
        city, name_of(city), country_name(city.country_code), shown, bool(running), people
    )


def _rank(row: CityRow, sort: str) -> tuple[Any, ...]:
    name = _alphabetic(row.name.text)
    if sort == "country":
        return (_alphabetic(row.country), name)
    if sort == "people":
        return (-row.people, name)
    if sort == "since":
        since = row.membership.starts_on if row.membership else None
        return (since is None, since or date.max, name)
    return (name,)


def _alphabetic(text: str) -> str:
    """Łódź beside Lodz, Ústí beside Usti."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
