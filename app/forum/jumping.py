"""The few places of a long thread that people look for, in the order of the thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.forum.showing import Shown


class Place(StrEnum):
    """The first of two that are the same post is named."""

    OPENING = "opening"
    ACCEPTED = "accepted"
    CONSOLIDATED = "consolidated"
    UNREAD = "unread"
    MINE = "mine"
    LATEST = "latest"


@dataclass(frozen=True)
class Jump:
    place: Place
    number: int
    at: datetime | None = None


def jumps_in(shown: Shown) -> list[Jump]:
    thread, reading = shown.thread, shown.reading
    wanted = [
        (Place.OPENING, 1, thread.created_at),
        (Place.ACCEPTED, thread.accepted_number, None),
        (Place.CONSOLIDATED, thread.consolidated_number, None),
        (Place.UNREAD, reading.first_unread if reading.last_read else None, None),
        (Place.MINE, shown.my_first, None),
        (Place.LATEST, thread.last_number if thread.reply_count else None, thread.last_post_at),
    ]
    found: dict[int, Jump] = {}
    for place, number, at in wanted:
        if number is not None:
            found.setdefault(number, Jump(place, number, at))
    return [found[number] for number in sorted(found)]
