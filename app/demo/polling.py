"""A date that is being looked for."""

from __future__ import annotations

from datetime import timedelta

from app.core.clock import standing_at
from app.datepolls.enums import Vote
from app.datepolls.polling import ask, vote
from app.demo.cast import Cast
from app.demo.reading import Entry, chapter
from app.demo.slots import slot_of
from app.webinars.models import Webinar
from app.webinars.times import Slot

ASKED = timedelta(days=2)


def look_for_dates(cast: Cast) -> None:
    for entry in chapter("webinars")["webinars"]:
        if "poll" in entry:
            _ask(entry, cast.webinars[entry["key"]], cast)


def _ask(entry: Entry, webinar: Webinar, cast: Cast) -> None:
    told, organiser = entry["poll"], webinar.organisers[0].user
    with standing_at(cast.now - ASKED):
        slots = [_slot(entry, day, cast) for day in told["days"]]
        closes_at = cast.now + timedelta(days=told["closes_in_days"])
        poll = ask(webinar, slots, closes_at, told["remark"], organiser)
        for email, values in told["votes"].items():
            answers = {one.id: Vote(value) for one, value in zip(poll.slots, values, strict=True)}
            vote(poll, cast.people[email], answers)


def _slot(entry: Entry, days: int, cast: Cast) -> Slot:
    """The draft's own hour on another day."""
    return slot_of({**entry, "coming": {**entry["coming"], "days": days}}, cast.now)
