"""How large the measured network is, and the first number of each table's new rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

CITIES = 60
TOPICS = 20
CLOSED_TO_VISITORS = (9, 19)  # these topics are for members only
THREADS_READ = 20  # by each member
NOTICES = 10  # of each member
RESPONSE_EVERY = 8  # posts
YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Size:
    """How many of each. `longest` posts stand in one thread, the rest is spread."""

    threads: int = 20_000
    posts: int = 200_000
    members: int = 2_000
    longest: int = 5_000
    webinars: int = 200
    registrations: int = 20_000
    notes: int = 100

    @property
    def rows(self) -> int:
        """For the progress bar."""
        readers = self.members * (min(THREADS_READ, self.threads) + min(NOTICES, self.threads))
        forum = TOPICS + self.threads + 2 * self.posts + self.posts // RESPONSE_EVERY
        meetings = self.webinars + self.registrations + min(self.notes, self.webinars)
        return CITIES + 2 * self.members + forum + readers + meetings


@dataclass(frozen=True)
class Crowd:
    """What all portions have to know. Numbers of rows count up from the first one."""

    size: Size
    now: datetime
    city: int
    user: int
    seat: int
    topic: int
    thread: int
    post: int

    def author(self, thread: int, number: int) -> int:
        """Threads are talked in by some, not by all: every member writes now and then."""
        return (thread * 7 + (number * 13) % 97 * 11) % self.size.members

    def city_of(self, member: int) -> int:
        return self.city + member % CITIES
