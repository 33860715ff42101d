"""Telling the people of a city, once, what came out of a webinar that nobody of theirs was at."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.directory import people_of_city
from app.accounts.enums import SeatRole
from app.accounts.models import User
from app.core.audit import record
from app.core.clock import utcnow
from app.core.db import db
from app.core.jobs import enqueue
from app.core.rate_limit import HOUR, Allowance, spend
from app.materials.queries import shared_recording
from app.network.models import City
from app.notes.queries import one_summary
from app.statistics.covering import reach_of
from app.statistics.errors import NobodyToNudge, NothingToShow, NotMissing, NudgedBefore
from app.statistics.figuring import figures_of
from app.statistics.models import CityNudge
from app.webinars import seats
from app.webinars.coverage import day_of
from app.webinars.models import Webinar
from app.webinars.phases import is_over
from app.webinars.queries import webinar_is_visible

NUDGES = Allowance(60, HOUR)


def nudge(webinar_id: int, city_id: int, actor: User) -> City:
    """Queue the mail to the city's people. Raise what stands against it; never twice."""
    webinar = seats.hold(webinar_id)
    spend("nudge", f"user:{actor.id}", NUDGES)
    if city_id in nudged_ids(webinar.id):
        raise NudgedBefore
    missing = reach_of([figures_of(webinar)], day_of(webinar)).missing
    city = next((city for city in missing if city.id == city_id), None)
    if city is None:
        raise NotMissing
    if not has_something(webinar, actor):
        raise NothingToShow
    if not contacts(city.id, webinar.id):
        raise NobodyToNudge
    told = {"webinar_id": webinar.id, "city_id": city.id, "nudged_by_id": actor.id}
    db.session.add(CityNudge(**told, at=utcnow()))
    key = f"{webinar.id}:{city.id}"
    enqueue("statistics.nudge", key, webinar_id=webinar.id, city_id=city.id)
    record(actor.id, "statistics.nudge", f"webinar:{webinar.id}", city_id=city.id)
    return city


def nudged_ids(webinar_id: int) -> set[int]:
    """The cities that were told already."""
    told = select(CityNudge.city_id).where(CityNudge.webinar_id == webinar_id)
    return set(db.session.scalars(told))


def has_something(webinar: Webinar, reader: User) -> bool:
    """It is over, and there is a summary or a recording for its audience."""
    if not is_over(webinar, utcnow()):
        return False
    return has_summary(webinar, reader) or has_recording(webinar)


def has_summary(webinar: Webinar, reader: User) -> bool:
    return db.session.scalars(one_summary(reader, webinar.id)).first() is not None


def has_recording(webinar: Webinar) -> bool:
    return db.session.scalars(shared_recording(webinar, is_inside=False)).first() is not None


def contacts(city_id: int, webinar_id: int) -> Sequence[User]:
    """Who speaks for the city and may see the webinar; if nobody speaks, who else has a seat."""
    seats = people_of_city(city_id)
    voices = [seat.user for seat in seats if seat.role == SeatRole.VOICE]
    people = voices or [seat.user for seat in seats]
    return [person for person in people if webinar_is_visible(person, webinar_id)]
