"""Who of the list a report speaks of: by address, else by the one same name, else nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.attendance.adding_up import Span, minutes_of
from app.attendance.enums import MatchedBy
from app.attendance.reading.names import name_keys
from app.attendance.reading.report import Stay, person_key
from app.webinars.models import Registration


@dataclass(frozen=True)
class Found:
    """One person of a report. `number` is their place in it, from 0."""

    number: int
    name: str
    email: str
    stays: Sequence[Stay]
    minutes: int | None
    registration: Registration | None = None
    matched_by: MatchedBy = MatchedBy.NOBODY

    @property
    def is_open(self) -> bool:
        """One of the stays has no end in the report."""
        return any(stay.joined_at and not stay.left_at for stay in self.stays)


def people_of(
    stays: Iterable[Stay], registered: Sequence[Registration], span: Span | None
) -> list[Found]:
    """In the order of the report."""
    lines: dict[str, list[Stay]] = defaultdict(list)
    for stay in stays:
        lines[person_key(stay)].append(stay)
    people = [
        Found(number, own[0].name, own[0].email, own, minutes_of([own], span))
        for number, own in enumerate(lines.values())
    ]
    by_address = {one.email: one for one in registered}
    return _by_name([_by_address(one, by_address) for one in people], registered)


def _by_address(person: Found, registered: dict[str, Registration]) -> Found:
    registration = registered.get(person.email) if person.email else None
    if registration is None:
        return person
    return replace(person, registration=registration, matched_by=MatchedBy.EMAIL)


def _by_name(people: list[Found], registered: Sequence[Registration]) -> list[Found]:
    """Two people with one name, in the report or on the list, are nobody's guess."""
    names: dict[str, dict[int, Registration]] = defaultdict(dict)
    for one in registered:
        for key in name_keys(one.name):
            names[key][one.id] = one
    meant = {who.number: _the_one(who, names) for who in people if who.registration is None}
    others: dict[int, set[str]] = defaultdict(set)
    for person in people:
        named = meant.get(person.number)
        if named is not None and person.email:
            others[named.id].add(person.email)
    return [
        replace(person, registration=named, matched_by=MatchedBy.NAME)
        if (named := meant.get(person.number)) is not None and len(others[named.id]) < 2
        else person
        for person in people
    ]


def _the_one(person: Found, names: dict[str, dict[int, Registration]]) -> Registration | None:
    same = {
        id_: one for key in name_keys(person.name) if key for id_, one in names.get(key, {}).items()
    }
    return next(iter(same.values())) if len(same) == 1 else None
