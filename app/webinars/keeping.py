"""Seats kept per city (spec/webinars 6.2): each member city finds one until a few days before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.network.queries import member_city_ids
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Webinar

KEPT_UNTIL = timedelta(days=3)
TAKEN = [RegistrationState.CONFIRMED, RegistrationState.OFFERED]


@dataclass
class Room:
    """The free seats of a webinar, and how many of them are kept for which city."""

    free: int
    kept: Counter[int]

    def has_seat_for(self, city_id: int | None) -> bool:
        """A city's own kept seats first; then what is left beside those of all others."""
        if self.free <= 0:
            return False
        mine = self.kept[city_id] if city_id is not None else 0
        return mine > 0 or self.free > self.kept.total()

    def take(self, city_id: int | None) -> None:
        self.free -= 1
        if city_id is not None and self.kept[city_id] > 0:
            self.kept[city_id] -= 1


def is_on(webinar: Webinar) -> bool:
    """Whether seats are kept at this moment."""
    until = ends_at(webinar)
    return until is not None and utcnow() < until


def ends_at(webinar: Webinar) -> datetime | None:
    """When kept seats are given to whoever waits; None when none are kept."""
    if not webinar.kept_per_city or webinar.capacity is None or webinar.starts_at is None:
        return None
    return webinar.kept_until or webinar.starts_at - KEPT_UNTIL


def room_of(webinar: Webinar) -> Room:
    """Counted now. Callers hold the webinar's row lock and asked `is_on`."""
    taken = _taken_by_city(webinar)
    each = webinar.kept_per_city or 0
    unused = {city: each - taken.get(city, 0) for city in member_city_ids(utcnow().date())}
    kept = Counter({city: count for city, count in unused.items() if count > 0})
    return Room((webinar.capacity or 0) - sum(taken.values()), kept)


def kept_count(webinar: Webinar) -> int:
    """How many of the free seats are kept for cities now."""
    if not is_on(webinar):
        return 0
    room = room_of(webinar)
    return max(0, min(room.free, room.kept.total()))


def plan_release(webinar: Webinar) -> None:
    """Let the waiting list move when the seats are no longer kept. Twice is once."""
    until = ends_at(webinar)
    if until is not None and is_on(webinar):
        enqueue(
            "webinars.release_kept",
            f"{webinar.id}:{until.isoformat()}",
            run_at=until,
            webinar_id=webinar.id,
        )


def _taken_by_city(webinar: Webinar) -> Mapping[int | None, int]:
    rows = (
        select(Registration.city_id, func.count())
        .where(Registration.webinar_id == webinar.id, Registration.state.in_(TAKEN))
        .group_by(Registration.city_id)
    )
    return {row.city_id: row[1] for row in db.session.execute(rows)}
