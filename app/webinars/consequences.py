"""What people receive when a webinar is moved, put off or cancelled, before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.core.db import db
from app.webinars.enums import RegistrationState
from app.webinars.hours import place, when
from app.webinars.models import Registration, Webinar
from app.webinars.times import Slot

BY_CALENDAR = {RegistrationState.CONFIRMED, RegistrationState.ON_HOLD}
BY_MAIL = {
    RegistrationState.WAITLISTED,
    RegistrationState.OFFERED,
    RegistrationState.PENDING_APPROVAL,
}


@dataclass(frozen=True)
class Hours:
    """Old and new time in words, where so many of the people are. `new` is empty without one."""

    place: str
    old: str
    new: str
    people: int


@dataclass(frozen=True)
class Consequences:
    """`by_calendar` people get a mail that changes their calendar, `by_mail` wait and get a plain
    one.
    """

    by_calendar: int
    by_mail: int
    languages: tuple[str, ...]
    hours: tuple[Hours, ...]

    @property
    def people(self) -> int:
        return self.by_calendar + self.by_mail


def consequences(webinar: Webinar, slot: Slot | None = None) -> Consequences:
    """Counted now, in one statement however many people there are."""
    rows = _groups(webinar)
    return Consequences(
        by_calendar=sum(count for state, _, _, count in rows if state in BY_CALENDAR),
        by_mail=sum(count for state, _, _, count in rows if state in BY_MAIL),
        languages=tuple(sorted({language for _, language, _, _ in rows})),
        hours=_hours(webinar, slot, rows),
    )


def _groups(webinar: Webinar) -> list[Any]:
    grouped = (Registration.state, Registration.language, Registration.timezone)
    counted = (
        select(*grouped, func.count(Registration.id))
        .where(Registration.webinar_id == webinar.id)
        .where(Registration.state.in_([*BY_CALENDAR, *BY_MAIL]))
        .group_by(*grouped)
    )
    return list(db.session.execute(counted))


def _hours(webinar: Webinar, slot: Slot | None, rows: list[Any]) -> tuple[Hours, ...]:
    """The zone of the webinar first, then where most people are."""
    people = {webinar.tzid: 0}
    for _, _, tzid, count in rows:
        people[tzid] = people.get(tzid, 0) + count
    zones = sorted(people, key=lambda tzid: (tzid != webinar.tzid, -people[tzid], tzid))
    return tuple(
        Hours(
            place(tzid),
            _words(webinar.starts_at, webinar.ends_at, tzid),
            _words(slot.starts_at, slot.ends_at, tzid) if slot else "",
            people[tzid],
        )
        for tzid in zones
    )


def _words(starts_at: datetime | None, ends_at: datetime | None, tzid: str) -> str:
    return when(starts_at, ends_at, tzid) if starts_at and ends_at else ""
