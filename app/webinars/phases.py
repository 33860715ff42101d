"""Where a webinar stands by the clock (spec/webinars 6.1). Computed, never stored."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.webinars.enums import Phase, Status
from app.webinars.models import Webinar

LOBBY_OPENS = timedelta(minutes=15)
HOSTS_ENTER = timedelta(minutes=45)
ROOM_CLOSES = timedelta(minutes=30)


def phase(webinar: Webinar, now: datetime) -> Phase:
    """The phase at this moment. A webinar whose hour is not known has ended."""
    if webinar.starts_at is None or webinar.ends_at is None:
        return Phase.ENDED if webinar.status != Status.DRAFT else Phase.UPCOMING
    if webinar.ended_at is not None and webinar.ended_at <= now:
        return Phase.ENDED
    if now < webinar.starts_at - LOBBY_OPENS:
        return Phase.UPCOMING
    if now < webinar.starts_at:
        return Phase.LOBBY
    if now < webinar.ends_at:
        return Phase.LIVE
    return Phase.OVERRUN if now < webinar.ends_at + ROOM_CLOSES else Phase.ENDED


def is_over(webinar: Webinar, now: datetime) -> bool:
    """True once the planned end has passed, or an organiser closed the room."""
    return phase(webinar, now) in {Phase.OVERRUN, Phase.ENDED}


def is_coming(webinar: Webinar, now: datetime) -> bool:
    """True while somebody may still want to come."""
    return webinar.status == Status.PUBLISHED and not is_over(webinar, now)
