"""A demo that was loaded some time ago shows a live hour that is now, all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.core.clock import utcnow
from app.core.db import db
from app.demo.reading import Entry, chapter
from app.demo.slots import running
from app.polls.shifting import shift as shift_polls
from app.questions.shifting import shift as shift_questions
from app.webinars.models import Webinar
from app.webinars.shifting import demo_webinar, shift

LEFT = timedelta(minutes=30)  # with less of it left the hour begins anew


def is_over() -> bool:
    """Whether there is a live hour to renew."""
    return any(True for _stale in _stale_ones())


def renew_hour() -> None:
    for entry, webinar in _stale_ones():
        slot = running(entry, utcnow())
        by = shift(webinar, slot)
        open_ones = {poll["question"] for poll in entry["polls"] if "closed" not in poll}
        shift_questions(webinar.id, by)
        shift_polls(webinar.id, by, open_ones)


def _stale_ones() -> Iterator[tuple[Entry, Webinar]]:
    now = utcnow()
    for entry in chapter("hours")["webinars"]:
        webinar = db.session.scalars(demo_webinar(entry["title"])).first()
        if webinar is None or "began" not in entry:
            continue
        ends = webinar.ended_at or webinar.ends_at or now
        if ends - now < LEFT:
            yield entry, webinar
