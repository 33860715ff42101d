"""Webinars that many tests need."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.core.zones import to_local
from app.webinars.enums import RegistrationState, Status
from app.webinars.models import AgendaItem, Registration, Speaker, Webinar, WebinarOrganiser
from tests.factories import make_user

WEEK = timedelta(days=7)
ROOM = "https://rooms.example.org/secret-room-4711"


def make_organiser(name: str = "Rights and diversity officer", **changes: Any) -> User:
    return make_user(name, **({"role": SiteRole.ORGANISER} | changes))


def make_webinar(
    title: str = "Counting together",
    *,
    published: bool = True,
    starts_in: timedelta = WEEK,
    minutes: int = 75,
    organiser: User | None = None,
    **changes: Any,
) -> Webinar:
    """A webinar on the full minute, published unless said otherwise, with one organiser."""
    organiser = organiser or make_organiser()
    with write() as session:
        webinar = Webinar(**(_values(title, published, starts_in, minutes, changes) | changes))
        webinar.organisers.append(WebinarOrganiser(user_id=organiser.id, is_owner=True))
        session.add(webinar)
    db.session.refresh(webinar)
    return webinar


def _values(
    title: str, published: bool, starts_in: timedelta, minutes: int, changes: dict[str, Any]
) -> dict[str, Any]:
    now = utcnow()
    tzid = str(changes.get("tzid", "Europe/Brussels"))
    starts_at = (now + starts_in).replace(second=0, microsecond=0)
    ends_at = starts_at + timedelta(minutes=minutes)
    return {
        "uid": f"webinar-{uuid.uuid4()}@forum.example.org",
        "status": Status.PUBLISHED if published else Status.DRAFT,
        "title": title,
        "description": "How cities count.",
        "description_html": "<p>How cities count.</p>",
        "language": "en",
        "tzid": tzid,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "start_local": _wall(starts_at, tzid),
        "end_local": _wall(ends_at, tzid),
        "sorts_at": starts_at,
        "room_url": ROOM,
        "created_at": now,
        "updated_at": now,
        "published_at": now if published else None,
    }


def _wall(moment: datetime, tzid: str) -> datetime:
    return to_local(moment, tzid).replace(tzinfo=None)


def make_agenda_item(webinar: Webinar, title: str = "Welcome", **changes: Any) -> AgendaItem:
    values = {"webinar_id": webinar.id, "position": 1, "title": title, "minutes": 5, "detail": ""}
    with write() as session:
        item = AgendaItem(**(values | changes))
        session.add(item)
    db.session.refresh(item)
    return item


def make_speaker(webinar: Webinar, name: str = "Human rights officer", **changes: Any) -> Speaker:
    values = {
        "webinar_id": webinar.id,
        "position": 1,
        "name": name,
        "affiliation": "Graz",
        "token": uuid.uuid4().hex,
    }
    with write() as session:
        speaker = Speaker(**(values | changes))
        session.add(speaker)
    db.session.refresh(speaker)
    return speaker


def add_organiser(webinar: Webinar, person: User) -> None:
    """Let somebody else run this one too."""
    with write() as session:
        session.add(WebinarOrganiser(webinar_id=webinar.id, user_id=person.id))


def make_registration(webinar: Webinar, person: User | None = None, **changes: Any) -> Registration:
    """A member's place, confirmed unless said otherwise. It bypasses seats and mails."""
    person, now = person or make_user(), utcnow()
    values = {
        "webinar_id": webinar.id,
        "user_id": person.id,
        "email": person.email.lower(),
        "name": person.display_name,
        "language": "en",
        "timezone": "Europe/Brussels",
        "state": RegistrationState.CONFIRMED,
        "token": f"a-token-of-fair-length-{webinar.id}-{person.id}",
        "created_at": now,
        "queued_at": now,
        "confirmed_at": now,
    }
    with write() as session:
        registration = Registration(**(values | changes))
        session.add(registration)
    db.session.refresh(registration)
    return registration
