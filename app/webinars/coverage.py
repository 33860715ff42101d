"""Who comes, in numbers: by state, city, country, language; and which cities nobody comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import db
from app.network.models import City
from app.network.naming import city_name, country_name, language_name
from app.network.queries import cities_by_ids, member_cities
from app.webinars.enums import PartStat, RegistrationState
from app.webinars.models import Registration, Webinar

COMING = {RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.ON_HOLD}
UNPROVEN = {RegistrationState.PENDING_EMAIL}
ELSEWHERE = ""  # a guest who named no city, or one that is not in the network


@dataclass(frozen=True)
class Coverage:
    """`cities`, `countries` and `languages` count who has a seat, the most first.

    `elsewhere` have a seat and come from no city of the network. `missing` are its cities from
    which nobody comes, `member_count` is how many it has.
    """

    states: dict[RegistrationState, int]
    answers: dict[PartStat, int]
    cities: list[tuple[str, int]]
    countries: list[tuple[str, int]]
    languages: list[tuple[str, int]]
    elsewhere: int
    member_count: int
    missing: list[str]

    @property
    def reached_count(self) -> int:
        return self.member_count - len(self.missing)


def coverage(webinar: Webinar) -> Coverage:
    """Counted now, in three statements however many registered."""
    groups = _groups(webinar)
    coming = [row for row in groups if row.state in COMING]
    members = list(db.session.scalars(member_cities(day_of(webinar))))
    known = {city.id: city for city in members}
    others = {row.city_id for row in coming if row.city_id} - known.keys()
    known |= {city.id: city for city in db.session.scalars(cities_by_ids(others))}
    by_city = _sum(coming, "city_id")
    return Coverage(
        states=dict(_sum(groups, "state")),
        answers=dict(_sum(coming, "partstat")),
        cities=_named({city_name(known[one]): n for one, n in by_city.items() if one in known}),
        countries=_named(_countries(by_city, known)),
        languages=_named({language_name(one): n for one, n in _sum(coming, "language").items()}),
        elsewhere=by_city.get(None, 0),
        member_count=len(members),
        missing=sorted(city_name(city) for city in members if city.id not in by_city),
    )


def _groups(webinar: Webinar) -> list[Any]:
    kinds = (
        Registration.state, Registration.city_id, Registration.language, Registration.partstat,
    )  # fmt: skip
    rows = (
        select(*kinds, func.count().label("people"))
        .where(Registration.webinar_id == webinar.id, Registration.state.not_in(UNPROVEN))
        .group_by(*kinds)
    )
    return list(db.session.execute(rows))


def _sum(groups: list[Any], name: str) -> Counter[Any]:
    counted: Counter[Any] = Counter()
    for row in groups:
        counted[getattr(row, name)] += row.people
    return counted


def _countries(by_city: Counter[Any], known: dict[int, City]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for city_id, people in by_city.items():
        if city_id in known:
            counted[country_name(known[city_id].country_code)] += people
    return counted


def _named(counted: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def day_of(webinar: Webinar) -> date:
    """Which cities are members: those of the day on which it is, or of today."""
    return (webinar.starts_at or utcnow()).date()
