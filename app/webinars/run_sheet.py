"""One page for whoever runs the hour: who, when, where, what to watch."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.webinars.agenda import Stop, stops
from app.webinars.attending import counts_by_state
from app.webinars.enums import RegistrationState
from app.webinars.models import Registration, Speaker, Webinar


@dataclass(frozen=True)
class RunSheet:
    """`needs`: what participants with a seat asked for, without their names."""

    programme: list[Stop]
    speakers: list[Speaker]
    coming_count: int
    waiting_count: int
    needs: list[str]


def run_sheet(webinar: Webinar) -> RunSheet:
    counts = counts_by_state(webinar)
    return RunSheet(
        programme=stops(webinar),
        speakers=list(webinar.speakers),
        coming_count=counts.get(RegistrationState.CONFIRMED, 0),
        waiting_count=counts.get(RegistrationState.WAITLISTED, 0),
        needs=_needs(webinar),
    )


def _needs(webinar: Webinar) -> list[str]:
    """Each text once, in the alphabet's order: the order of registering would say whose it is."""
    mine = select(Registration.access_needs).where(
        Registration.webinar_id == webinar.id,
        Registration.state == RegistrationState.CONFIRMED,
        Registration.access_needs != "",
    )
    return sorted(set(db.session.scalars(mine)))
