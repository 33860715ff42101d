"""Threads and posts as they come about: in the order of time, across all threads."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.core.enums import Attribution, Visibility
from app.demo.crowd.size import CLOSED_TO_VISITORS, TOPICS, YEARS, Crowd, Size
from app.demo.crowd.writing import Writer, phrases
from app.forum.enums import ThreadKind
from app.topics.enums import LineColour

KINDS = [ThreadKind.QUESTION, ThreadKind.QUESTION, ThreadKind.DISCUSSION, ThreadKind.PRACTICE]
LONGEST_PAUSE = 72 * 3_600.0
NUMBER_BITS = 20
GOLDEN = 0.618034  # its multiples are spread evenly


@dataclass(frozen=True, slots=True)
class Talk:
    """A thread to be: `started` in seconds after the first one, `pause` between two posts."""

    number: int
    title: str
    language: str
    length: int
    started: float
    pause: float
    accepted: int | None

    def seconds_at(self, number: int) -> float:
        return self.started + self.pause * (number - 1)


def lengths(size: Size, chance: Random) -> list[int]:
    """Posts of each thread: one very long, many short, all together `size.posts`."""
    found = [1] * size.threads
    found[0] = max(1, min(size.longest, size.posts - size.threads + 1))
    left = size.posts - sum(found)
    if size.threads == 1:
        return [size.posts]
    while left > 0:
        more = min(left, int(chance.paretovariate(1.2)), 400)
        found[chance.randrange(1, size.threads)] += more
        left -= more
    return found


def talks(crowd: Crowd, writer: Writer) -> list[Talk]:
    """The oldest first. The long one, the oldest, goes on to this day."""
    chance, size = writer.chance, crowd.size
    return [
        _talk(number, length, size, writer) for number, length in enumerate(lengths(size, chance))
    ]


def _talk(number: int, length: int, size: Size, writer: Writer) -> Talk:
    chance, whole = writer.chance, YEARS.total_seconds()
    started = whole * number / size.threads
    longest = (whole - started) * 0.98 / length
    language = writer.language()
    is_solved = length > 3 and KINDS[number % len(KINDS)] is ThreadKind.QUESTION
    return Talk(
        number=number,
        title=writer.title(language),
        language=language,
        length=length,
        started=started,
        pause=longest if number == 0 else min(longest, chance.random() * LONGEST_PAUSE),
        accepted=2 if is_solved and chance.random() < 0.5 else None,
    )


def in_order_of_time(every: list[Talk]) -> Iterator[tuple[Talk, int]]:
    """Each post as its thread and number. One number a post is kept, for millions of them."""
    moments = array("d")
    places = array("q")
    for talk in every:
        for number in range(1, talk.length + 1):
            moments.append(talk.seconds_at(number))
            places.append(talk.number << NUMBER_BITS | number)
    for index in sorted(range(len(moments)), key=moments.__getitem__):
        place = places[index]
        yield every[place >> NUMBER_BITS], place & ((1 << NUMBER_BITS) - 1)


def moment(crowd: Crowd, talk: Talk, number: int) -> datetime:
    return crowd.now - YEARS + timedelta(seconds=talk.seconds_at(number))


def topic_of(talk: Talk) -> int:
    """Popular ones have several times the threads of others."""
    return int(TOPICS * (talk.number * GOLDEN % 1) ** 2)


def names_of(topic: int) -> dict[str, str]:
    return {language: names[topic] for language, names in phrases()["topics"].items()}


def topic_rows(crowd: Crowd) -> Iterator[dict[str, Any]]:
    colours = list(LineColour)
    for number in range(TOPICS):
        yield {
            "id": crowd.topic + number,
            "slug": f"measured-{number + 1}",
            "number": number + 100,
            "colour": colours[number % len(colours)],
            "names": names_of(number),
            "descriptions": {"en": "What cities do, ask and have learnt. Made for measuring."},
            "visibility": (
                Visibility.NETWORK if number in CLOSED_TO_VISITORS else Visibility.PUBLIC
            ),
            "attribution": Attribution.OPEN,
            "is_demo": True,
            "created_at": crowd.now - YEARS,
        }


def thread_rows(crowd: Crowd, every: list[Talk]) -> Iterator[dict[str, Any]]:
    for talk in every:
        first, last = (crowd.author(talk.number, number) for number in (1, talk.length))
        yield {
            "id": crowd.thread + talk.number,
            "topic_id": crowd.topic + topic_of(talk),
            "author_id": crowd.user + first,
            "seat_id": crowd.seat + first,
            "title": talk.title,
            "kind": KINDS[talk.number % len(KINDS)],
            "language": talk.language,
            "attribution": Attribution.OPEN,
            "visibility": Visibility.PUBLIC,
            "reply_count": talk.length - 1,
            "last_number": talk.length,
            "last_post_at": moment(crowd, talk, talk.length),
            "last_author_id": crowd.user + last,
            "accepted_number": talk.accepted,
            "is_pinned": False,
            "is_locked": False,
            "overview_revision": 0,
            "event_count": 0,
            "revision": 1,
            "is_demo": True,
            "created_at": moment(crowd, talk, 1),
        }
