"""Which of several answers of one calendar counts (RFC 5546 section 2.1.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.webinars import inviting
from app.webinars.enums import PartStat
from app.webinars.models import Registration, Webinar


@dataclass(frozen=True)
class Answer:
    """What a calendar said. `starts_at` is the start it was said of, None where it names none."""

    partstat: PartStat
    sequence: int
    dtstamp: datetime
    comment: str = ""
    delegate: str = ""
    starts_at: datetime | None = None


def as_sent(answer: Answer, registration: Registration, webinar: Webinar) -> Answer:
    """With a SEQUENCE that we gave out: some programs raise it themselves."""
    last = inviting.last_sequence(registration, webinar)
    return replace(answer, sequence=min(answer.sequence, last))


def is_news(answer: Answer, registration: Registration) -> bool:
    """Whether it comes after the newest answer we know."""
    if registration.reply_dtstamp is None:
        return True
    known = (registration.reply_sequence or 0, registration.reply_dtstamp)
    return (answer.sequence, answer.dtstamp) > known


def is_stale(answer: Answer, registration: Registration, webinar: Webinar) -> bool:
    """Whether it was given for a time that is no longer the webinar's."""
    if answer.sequence >= inviting.last_sequence(registration, webinar):
        return False
    if answer.starts_at is not None:
        return answer.starts_at != webinar.starts_at
    return webinar.changed_at is not None and answer.dtstamp < webinar.changed_at
