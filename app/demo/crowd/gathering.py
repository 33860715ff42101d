"""A network as large as one can imagine, for measuring: rows, not a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import utcnow
from app.core.enums import Attribution, Visibility
from app.core.stocking import follow_numbers, next_id, stock
from app.demo.crowd.words import Text, texts
from app.forum.enums import FollowLevel, Standing, ThreadKind
from app.forum.models import Post, Thread
from app.forum.reader_models import ThreadRead
from app.search.models import FoundKind, SearchDocument
from app.topics.enums import LineColour
from app.topics.models import Topic

TOPICS = 20
THREADS_READ = 20  # by each member
YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Size:
    """How many of each. `longest` posts stand in one thread, the rest is spread."""

    threads: int = 20_000
    posts: int = 200_000
    members: int = 2_000
    longest: int = 5_000

    @property
    def rows(self) -> int:
        """For the progress bar."""
        reads = self.members * min(THREADS_READ, self.threads)
        return TOPICS + self.members + self.threads + 2 * self.posts + reads


@dataclass(frozen=True)
class Numbers:
    """The first number of each table's new rows."""

    topic: int
    user: int
    thread: int
    post: int
    document: int


def gather_crowd(size: Size) -> Iterator[int]:
    """Fill the database; yield how many rows each portion had. Call it inside `write()`."""
    chance = Random(2026)  # noqa: S311 - the same crowd each time
    stock_of = texts(chance)
    first = Numbers(*(next_id(one) for one in (Topic, User, Thread, Post, SearchDocument)))
    lengths = thread_lengths(size, chance)
    yield from stock(Topic, topic_rows(first))
    yield from stock(User, member_rows(size, first))
    threads = thread_rows(size, first, lengths, stock_of, chance)
    yield from stock(Thread, threads)
    yield from stock(Post, post_rows(size, first, lengths, threads, stock_of))
    yield from stock(SearchDocument, document_rows(first, lengths, threads, stock_of))
    yield from stock(ThreadRead, read_rows(size, first, lengths, chance))
    for table in (Topic, User, Thread, Post, SearchDocument):
        follow_numbers(table)


def thread_lengths(size: Size, chance: Random) -> list[int]:
    """Posts of each thread: one very long, many short, all together `size.posts`."""
    lengths = [1] * size.threads
    lengths[0] = max(1, min(size.longest, size.posts - size.threads + 1))
    left = size.posts - sum(lengths)
    while left > 0 and size.threads > 1:
        more = min(left, int(chance.paretovariate(1.2)))
        lengths[chance.randrange(1, size.threads)] += more
        left -= more
    return lengths


def topic_rows(first: Numbers) -> Iterator[dict[str, Any]]:
    colours = list(LineColour)
    for number in range(TOPICS):
        yield {
            "id": first.topic + number,
            "slug": f"measured-{first.topic + number}",
            "number": number + 100,
            "colour": colours[number % len(colours)],
            "names": {"en": f"Measured topic {number + 1}"},
            "descriptions": {"en": "Made for measuring."},
            "visibility": Visibility.NETWORK if number % 10 == 9 else Visibility.PUBLIC,
            "attribution": Attribution.OPEN,
            "is_demo": True,
            "created_at": utcnow() - YEARS,
        }


def member_rows(size: Size, first: Numbers) -> Iterator[dict[str, Any]]:
    joined = utcnow() - YEARS
    for number in range(size.members):
        name = f"member-{first.user + number}"
        yield {
            "id": first.user + number,
            "email": f"{name}@demo.invalid",
            "active": True,
            "fs_uniquifier": f"measured-{first.user + number}",
            "confirmed_at": joined,
            "display_name": f"Official number {number + 1}",
            "handle": name,
            "role": SiteRole.MEMBER,
            "approved_at": joined,
            "wishes": "",
            "timezone": "Europe/Brussels",
            "counts_as_reader": True,
            "is_demo": True,
            "created_at": joined,
        }


def thread_rows(
    size: Size, first: Numbers, lengths: list[int], stock_of: list[Text], chance: Random
) -> list[dict[str, Any]]:
    now = utcnow()
    kinds = [ThreadKind.QUESTION, ThreadKind.QUESTION, ThreadKind.DISCUSSION, ThreadKind.PRACTICE]
    rows = []
    for number, length in enumerate(lengths):
        started = now - YEARS * ((number + 1) / (size.threads + 1))
        text = stock_of[number % len(stock_of)]
        rows.append(
            {
                "id": first.thread + number,
                "topic_id": first.topic + number % TOPICS,
                "author_id": _author(size, first, number, 1),
                "title": text.title,
                "kind": kinds[number % len(kinds)],
                "language": text.language,
                "attribution": Attribution.OPEN,
                "visibility": Visibility.PUBLIC,
                "reply_count": length - 1,
                "last_number": length,
                "last_post_at": _written_at(started, length),
                "last_author_id": _author(size, first, number, length),
                "accepted_number": 2 if length > 3 and chance.random() < 0.3 else None,
                "is_pinned": False,
                "is_locked": False,
                "overview_revision": 0,
                "event_count": 0,
                "revision": 1,
                "is_demo": True,
                "created_at": started,
            }
        )
    return rows


def post_rows(
    size: Size,
    first: Numbers,
    lengths: list[int],
    threads: list[dict[str, Any]],
    stock_of: list[Text],
) -> Iterator[dict[str, Any]]:
    post_id = first.post
    for thread, length in zip(threads, lengths, strict=True):
        for number in range(1, length + 1):
            text = stock_of[post_id % len(stock_of)]
            yield {
                "id": post_id,
                "thread_id": thread["id"],
                "number": number,
                "author_id": _author(size, first, thread["id"] - first.thread, number),
                "standing": Standing.STAFF,
                "language": text.language,
                "body": text.body,
                "html": text.html,
                "renderer": text.renderer,
                "revision": 1,
                "reply_to": number - 1 if number > 2 and number % 5 == 0 else None,
                "is_wiki": False,
                "file_count": 0,
                "response_count": 0,
                "hidden_reason": "",
                "created_at": _written_at(thread["created_at"], number),
            }
            post_id += 1


def document_rows(
    first: Numbers, lengths: list[int], threads: list[dict[str, Any]], stock_of: list[Text]
) -> Iterator[dict[str, Any]]:
    post_id, document_id = first.post, first.document
    for thread, length in zip(threads, lengths, strict=True):
        for number in range(1, length + 1):
            text = stock_of[post_id % len(stock_of)]
            yield {
                "id": document_id,
                "kind": FoundKind.POST,
                "key": f"post:{post_id}",
                "thread_id": thread["id"],
                "post_id": post_id,
                "title": thread["title"] if number == 1 else "",
                "body": text.plain,
                "language": text.language,
                "happened_at": _written_at(thread["created_at"], number),
            }
            post_id, document_id = post_id + 1, document_id + 1


def read_rows(
    size: Size, first: Numbers, lengths: list[int], chance: Random
) -> Iterator[dict[str, Any]]:
    """Each member has read into some threads; half of these to the end."""
    for member in range(size.members):
        for number in chance.sample(range(size.threads), min(THREADS_READ, size.threads)):
            length = lengths[number]
            yield {
                "user_id": first.user + member,
                "thread_id": first.thread + number,
                "last_read": length if chance.random() < 0.5 else max(1, length // 2),
                "level": chance.choice([FollowLevel.NORMAL, FollowLevel.FOLLOWING]),
                "last_visit_at": utcnow(),
            }


def _author(size: Size, first: Numbers, thread: int, number: int) -> int:
    return first.user + (thread * 7 + number * 13) % size.members


def _written_at(started: datetime, number: int) -> datetime:
    return started + timedelta(minutes=(number - 1) * 3)
