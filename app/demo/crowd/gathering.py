"""A network as large as one can imagine, for measuring: mostly rows, hardly a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from app.accounts.models import Seat, User
from app.accounts.queries import users_by_ids
from app.core.clock import utcnow
from app.core.stocking import follow_numbers, next_id, stock
from app.demo.crowd.meetings import fill_seats, hold_webinars
from app.demo.crowd.minutes import write_notes
from app.demo.crowd.people import ORGANISER, admit_cities, seat_members
from app.demo.crowd.posts import write_posts
from app.demo.crowd.readers import mark_read
from app.demo.crowd.size import Crowd, Size
from app.demo.crowd.talks import in_order_of_time, talks, thread_rows, topic_rows
from app.demo.crowd.writing import Writer
from app.forum.models import Post, Thread
from app.network.models import City
from app.topics.models import Topic
from app.webinars.models import Webinar

AT_ONCE = 50_000
"""Posts in one transaction: a million in one would need their room on the disk twice."""

Step = Callable[[], Iterator[int]]


def steps(size: Size, password_hash: str, uid_domain: str) -> Iterator[Step]:
    """The network in steps, each to be done inside a `write()` of its own.

    A step yields how many rows each of its portions had.
    """
    writer = Writer(Random(2026))  # noqa: S311 - the same crowd each time
    crowd = _crowd(size)
    every = talks(crowd, writer)
    places = in_order_of_time(every)
    held: list[Webinar] = []
    yield lambda: admit_cities(crowd)
    yield lambda: seat_members(crowd, password_hash)
    yield lambda: stock(Topic, topic_rows(crowd))
    yield lambda: stock(Thread, thread_rows(crowd, every))
    for after in range(0, size.posts, AT_ONCE):
        yield lambda after=after: write_posts(crowd, places, after, AT_ONCE, writer)  # type: ignore[misc]
    yield lambda: mark_read(crowd, every, writer)
    yield follow
    yield lambda: hold_webinars(crowd, _organiser(crowd), uid_domain, writer, held)
    yield lambda: fill_seats(crowd, held)
    yield lambda: write_notes(crowd, held, _organiser(crowd), writer)


def follow() -> Iterator[int]:
    for table in (Topic, User, Seat, Thread, Post):
        follow_numbers(table)
    yield 0


def _crowd(size: Size) -> Crowd:
    first = {
        table.__tablename__: next_id(table) for table in (City, User, Seat, Topic, Thread, Post)
    }
    return Crowd(size=size, now=utcnow(), **first)


def _organiser(crowd: Crowd) -> User:
    number = crowd.user + min(ORGANISER, crowd.size.members - 1)
    return users_by_ids([number])[number]
