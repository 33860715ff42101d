"""Whose clocks a webinar is told in: the cities of the network, and those who come."""

from __future__ import annotations

from sqlalchemy import select

from app.core.clock import utcnow
from app.core.db import db
from app.network.queries import member_zones
from app.webinars.hours import ACROSS_EUROPE
from app.webinars.models import Registration, Webinar
from app.webinars.queries import TOLD


def network_zones() -> tuple[str, ...]:
    """For what everybody reads alike; of a network without cities, a few across Europe."""
    return tuple(member_zones(utcnow().date())) or ACROSS_EUROPE


def zones_of(webinar: Webinar) -> tuple[str, ...]:
    """The same and those of the people with a seat: for what only they read."""
    coming = select(Registration.timezone).where(
        Registration.webinar_id == webinar.id, Registration.state.in_(TOLD)
    )
    theirs = db.session.scalars(coming.distinct().order_by(Registration.timezone))
    return tuple(dict.fromkeys((*network_zones(), *theirs)))
