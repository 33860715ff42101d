"""The pages that are measured, and where they are on the large data set."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

MEMBER, VISITOR = "member", "visitor"
BOTH = (MEMBER, VISITOR)
AGAIN = "again"
THREAD, LIST, OTHER = "thread", "list", "other"
PER_PAGE = 20
COMMON = "housing"
ONLY = [name.strip() for name in os.environ.get("ONLY", "").split(",") if name.strip()]
"""Names of pages, whole or up to the comma: these alone are measured."""

REFERENCE = re.compile(r"^([A-Z][a-z]+) (\d{5}):", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """`searches`: visitors may search so seldom that only members are asked many times."""

    name: str
    path: str
    kind: str
    who: tuple[str, ...] = BOTH
    accept: str = "text/html"

    @property
    def kin(self) -> str:
        """What several pages are called: "long thread" of "long thread, page 250"."""
        return self.name.partition(",")[0]

    @property
    def searches(self) -> bool:
        return self.path.startswith("/search?")


OPEN_THREAD = """SELECT h.id FROM thread h JOIN topic t ON t.id = h.topic_id
    WHERE h.visibility = 'public' AND t.visibility = 'public'
    ORDER BY abs(h.last_number - :length), h.id LIMIT 1"""
TOPIC = """SELECT t.slug FROM topic t JOIN thread h ON h.topic_id = t.id
    WHERE t.visibility = 'public' GROUP BY t.id, t.slug ORDER BY count(*) DESC, t.id LIMIT 1"""
COMING = "SELECT id FROM webinar WHERE status = 'published' ORDER BY starts_at, id LIMIT 1"
NOTED = """SELECT n.webinar_id FROM summary_version v JOIN note_set n ON n.id = v.note_set_id
    ORDER BY v.id LIMIT 1"""
CITY = "SELECT slug FROM city ORDER BY id LIMIT 1"


def pages(connection: sa.Connection) -> Iterator[Page]:
    yield from _forum(connection)
    yield from _meetings(connection)
    yield Page("search, common word", f"/search?q={COMMON}", LIST)
    yield Page("search, rare words", f"/search?q={rare_words(connection)}", LIST)
    yield Page("members", "/members", OTHER, (MEMBER,))
    yield Page("cities", "/cities", OTHER)
    city = connection.scalar(sa.text(CITY))
    yield Page("a city", f"/cities/{city}", OTHER)
    yield Page("notices", "/notifications", OTHER, (MEMBER,))


def rare_words(connection: sa.Connection) -> str:
    """An invented name and a number, as in one post."""
    for body in connection.scalars(sa.text("SELECT body FROM post ORDER BY id LIMIT 200")):
        if found := REFERENCE.search(body):
            return f"{found[1]}+{found[2]}"
    raise SystemExit("bench: no post has rare words")


def wanted(found: Iterable[Page]) -> list[Page]:
    return [page for page in found if not ONLY or {page.name, page.kin} & set(ONLY)]


def _forum(connection: sa.Connection) -> Iterator[Page]:
    yield Page("home", "/", LIST)
    yield Page("topics", "/topics", LIST)
    slug = connection.scalar(sa.text(TOPIC))
    yield Page("topic", f"/topics/{slug}", LIST)
    yield Page("topic, page 20", f"/topics/{slug}?page=20", LIST)
    yield Page("all threads", "/threads", LIST)
    yield Page("new for me", "/threads?show=new", LIST, (MEMBER,))
    yield Page("unanswered", "/threads?show=unanswered", LIST)
    for length in (1, PER_PAGE):
        found = connection.scalar(sa.text(OPEN_THREAD), {"length": length})
        yield Page(f"thread of {length}", f"/threads/{found}", THREAD)
    longest = connection.scalar(sa.text(OPEN_THREAD), {"length": 10**9})
    last = connection.scalar(
        sa.text("SELECT last_number FROM thread WHERE id = :id"), {"id": longest}
    )
    end = -(-last // PER_PAGE)
    yield Page("long thread, page 1", f"/threads/{longest}", THREAD)
    yield Page(f"long thread, page {end}", f"/threads/{longest}?page={end}", THREAD)
    yield Page("thread, atom", f"/threads/{found}/feed.atom", OTHER, (VISITOR,))
    yield Page("topic, atom", f"/topics/{slug}/feed.atom", OTHER, (VISITOR,))


def _meetings(connection: sa.Connection) -> Iterator[Page]:
    coming, noted = (connection.scalar(sa.text(question)) for question in (COMING, NOTED))
    yield Page("webinars", "/webinars", OTHER)
    yield Page("webinar", f"/webinars/{coming}", OTHER)
    yield Page("notes", f"/webinars/{noted}/notes", OTHER, (MEMBER,))
    yield Page("summary", f"/webinars/{noted}/summary", OTHER)
    yield Page("an event's .ics", f"/webinars/{coming}/calendar.ics", OTHER)
    yield Page("feed of 200 events", "/calendars/public.ics", OTHER, (VISITOR,))
    yield Page("knowledge", "/knowledge", OTHER)
