"""All that the join page shows one person now."""

from __future__ import annotations

from typing import Any

from app.accounts.login import viewer
from app.core.clock import utcnow
from app.core.db import db
from app.feedback.asking import may_answer, survey_open
from app.forum.queries import one_thread
from app.live import looking, rooming
from app.live.attendees import attendee_of
from app.live.joining import Door
from app.live.views._arriving import Arrival
from app.live.views._parts import Visit, page_parts, tag_of
from app.materials.showing import shelf
from app.questions.queries import desk_of
from app.webinars.access_card import access_lines
from app.webinars.hours import elsewhere, place, when
from app.webinars.permissions import can_manage
from app.webinars.seats import place_in_line
from app.webinars.timetable import row


def page_values(arrival: Arrival) -> dict[str, Any]:
    webinar, registration = arrival.webinar, arrival.registration
    tzid = registration.timezone if registration else getattr(viewer(), "timezone", webinar.tzid)
    manages = can_manage(viewer(), webinar)
    return {
        "webinar": webinar,
        "registration": registration,
        "entrance": arrival.entrance,
        "token": arrival.token,
        "is_signed_in": viewer() is not None,
        "manages": manages,
        "has_failed": manages and rooming.has_failed(arrival.room),
        "access": access_lines(webinar),
        "place": place_in_line(registration) if registration else 0,
        **_hours(webinar, tzid),
        **_inside(arrival),
        **_afterwards(arrival),
    }


def _hours(webinar: Any, tzid: str) -> dict[str, Any]:
    if not webinar.starts_at or not webinar.ends_at:
        return {"tzid": tzid, "when": "", "elsewhere": "", "hours": None}
    return {
        "tzid": tzid,
        "zone_place": place(tzid),
        "when": when(webinar.starts_at, webinar.ends_at, tzid),
        "elsewhere": elsewhere(webinar.starts_at, tzid),
        "hours": row(webinar, tzid, utcnow()),
    }


def _inside(arrival: Arrival) -> dict[str, Any]:
    """The polled parts as they are now, and the tag under which they are asked for again."""
    entrance = arrival.entrance
    if entrance.door is not Door.OPEN or entrance.is_stranger:
        return {"parts": None}
    seen = looking.look(arrival.webinar.id, viewer(), arrival.token)
    if seen is None:
        return {"parts": None}
    visit = Visit(seen, seen.entrance(viewer()), arrival.token)
    return {"parts": page_parts(visit), "tag": tag_of(visit)}


def _afterwards(arrival: Arrival) -> dict[str, Any]:
    """The shelf, feedback and the thread that goes on, for whoever was invited."""
    webinar, person = arrival.webinar, viewer()
    if arrival.entrance.door is not Door.CLOSED or arrival.entrance.is_stranger:
        return {}
    desk = desk_of(webinar.id)
    thread_id = desk.followup_thread_id if desk else None
    found = one_thread(person, thread_id) if thread_id else None
    return {
        "shelf": shelf(webinar, attendee_of(webinar, person, arrival.token)),
        "may_answer": survey_open(webinar) and may_answer(arrival.registration),
        "followup": db.session.scalars(found).first() if found is not None else None,
    }
