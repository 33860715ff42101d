"""Everybody with a place, by city, with what click, report and tick say beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from app.attendance.models import AttendanceMark
from app.attendance.presence import attending_people, people_with_a_place, was_there
from app.attendance.queries import marks_at, reported_at
from app.core.db import db
from app.core.pagination import Page
from app.webinars.exporting import city_of
from app.webinars.models import Registration, Webinar

PER_PAGE = 100


@dataclass(frozen=True)
class Person:
    """`said` is the organisers' tick, `is_reported`: a report speaks of them."""

    registration: Registration
    city: str
    said: bool | None
    is_reported: bool

    @property
    def was_there(self) -> bool:
        return was_there(self.registration)

    @property
    def is_known(self) -> bool:
        """Whether anybody but the click says something."""
        return self.registration.attended is not None


@dataclass(frozen=True)
class City:
    name: str
    people: list[Person]


def everybody(webinar: Webinar) -> list[Person]:
    """By city and name, those without a city last."""
    marks: dict[int, AttendanceMark] = {
        mark.registration_id: mark for mark in db.session.scalars(marks_at(webinar.id))
    }
    reported = reported_at(webinar.id)
    people = [
        Person(
            row,
            city_of(row),
            marks[row.id].was_there if row.id in marks else None,
            row.id in reported,
        )
        for row in db.session.scalars(people_with_a_place(webinar))
    ]
    return sorted(people, key=_place)


def page_of_people(people: Sequence[Person], number: int) -> Page:
    """A page behind the last one is the last one."""
    count = max(1, ceil(len(people) / PER_PAGE))
    number = min(number, count)
    return Page(people[(number - 1) * PER_PAGE : number * PER_PAGE], number, count)


def by_city(people: Sequence[Person]) -> list[City]:
    return [City(name, list(rows)) for name, rows in groupby(people, lambda one: one.city)]


def present_by_city(webinar: Webinar) -> list[tuple[str, int]]:
    """How many came from each city, the most first."""
    rows = db.session.scalars(attending_people(webinar))
    counted = Counter(city_of(row) for row in rows)
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0].casefold()))


def _place(one: Person) -> tuple[bool, str, str, int]:
    registration = one.registration
    return not one.city, one.city.casefold(), registration.name.casefold(), registration.id
