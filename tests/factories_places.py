"""Places at webinars that are full, kept, offered or decided about, for many tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.clock import utcnow
from app.core.db import db, write
from app.network.enums import MembershipKind
from app.network.models import City, Membership
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Series, Webinar
from tests.factories import make_city
from tests.factories_registrations import make_registration
from tests.factories_webinars import make_webinar


def make_member_city(name: str, **changes: Any) -> City:
    """A city that belongs to the network today."""
    city = make_city(name)
    with write() as session:
        session.add(Membership(**({"city_id": city.id, "kind": MembershipKind.PARTNER} | changes)))
    return city


def wait_for(webinar: Webinar, position: int, **changes: Any) -> Registration:
    """Somebody on the waiting list; the lower the position, the earlier."""
    values = {
        "state": RegistrationState.WAITLISTED,
        "confirmed_at": None,
        "queued_at": utcnow() - timedelta(hours=1) + timedelta(seconds=position),
    }
    return make_registration(webinar, **(values | changes))


def make_series(sessions: int, *, every: timedelta = timedelta(days=7), **changes: Any) -> Series:
    """Published sessions, the first of them after one stretch of time."""
    now = utcnow()
    with write() as session:
        series = Series(title="Counting, in parts", created_at=now, updated_at=now)
        session.add(series)
    for number in range(1, sessions + 1):
        make_webinar(f"Part {number}", starts_in=every * number, series_id=series.id, **changes)
    db.session.refresh(series)
    return series


def states_of(*registrations: Registration) -> list[RegistrationState]:
    db.session.rollback()
    return [registration.state for registration in registrations]
