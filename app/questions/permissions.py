"""When a webinar takes questions, and who does what with them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from app.live.attendees import Attendee
from app.webinars.enums import Phase, Status
from app.webinars.models import Webinar
from app.webinars.phases import phase


class Desk(Protocol):
    @property
    def is_closed(self) -> bool: ...


HELD = {Status.PUBLISHED, Status.POSTPONED}


def takes_questions(webinar: Webinar, desk: Desk | None, now: datetime) -> bool:
    """Until the room closes, unless an organiser closed the questions earlier."""
    if desk is not None and desk.is_closed:
        return False
    return webinar.status in HELD and phase(webinar, now) is not Phase.ENDED


def can_moderate(attendee: Attendee) -> bool:
    """Let through, dismiss, merge, open and close."""
    return attendee.manages


def can_answer(attendee: Attendee) -> bool:
    """Say what is answered, and write answers."""
    return attendee.is_host
