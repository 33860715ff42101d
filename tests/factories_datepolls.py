"""Date polls that many tests need."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db, write
from app.datepolls.models import DatePoll
from app.datepolls.polling import ask
from app.webinars.models import Webinar
from app.webinars.times import Slot, slot

ZONE = "Europe/Brussels"


def make_slot(days: int, hour: int = 10, minutes: int = 60) -> Slot:
    """So many days from today, at an hour of Brussels."""
    start = datetime.combine((utcnow() + timedelta(days=days)).date(), time(hour))
    return slot(start, start + timedelta(minutes=minutes), ZONE)


def make_poll(webinar: Webinar, actor: User, days: tuple[int, ...] = (10, 12, 14)) -> DatePoll:
    """An open poll over these days; it closes in two days."""
    slots = [make_slot(day) for day in days]
    with write():
        poll = ask(webinar, slots, utcnow() + timedelta(days=2), "", actor)
    db.session.refresh(poll)
    return poll
