"""Where answers are looked for, and the order in which a reader sees what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from heapq import nsmallest
from typing import Any, cast

from app.core.clock import utcnow
from app.core.db import db
from app.forum.choosing import Choice
from app.forum.enums import State
from app.forum.findable import newest_unanswered
from app.forum.reach import Reach
from app.search import facts
from app.search.facts import OTHER, words_titled
from app.search.models import FoundKind
from app.search.narrowing import facts_asked
from app.search.parsing import Query
from app.search.spans import Span, days_asked, newest_span
from app.search.statement import Among, backend, found

NEWEST_HITS = 1000
"""Ranking looks at no more conversations than these, and as much of everything else: each costs
10 µs. A reader is told, and a filter looks further back."""

NEWEST_TITLES = 200
"""Of a common word the newest with it in their title are compared too, however old they are, where
the index finds them without reading all."""

LOOKED_AT = (1.5, 8.0, 1e6)
"""First so many times more texts are looked at than are compared. Where most of them do not match
the filter or are not the viewer's to read, so that they fill no page, so many more; then all."""

NEWEST_WAITING = 600
"""So many threads without an answer are looked through first. They are few among all of a forum,
so that starting from the texts would read many for each of theirs."""

OLD_BY_NEW_WAITING = 2
"""So many times more where they are to be older than a day: part of what they say lies before."""

POSTS_OF_A_SPAN, POSTS_OF_A_WIDE_SPAN = 4, 20
"""A range of days is looked through in so many times more of its newest posts than are compared, or
in at most so many, where that is likely to be enough."""

EVERYTHING = 2**31 - 1

HITS_ON_A_PAGE = 50
HALF = 0.5 ** (1 / 365)  # what a day leaves of the worth of a text
POST, CITY = FoundKind.POST.value, FoundKind.CITY.value


@dataclass(frozen=True)
class Asked:
    """What the statement is executed with, and what is known of where its answers are."""

    reach: Reach
    query: Query
    choice: Choice
    most: int
    words: str
    groups: Sequence[Sequence[str]]
    days: tuple[datetime, datetime] | None

    @cached_property
    def span(self) -> Span | None:
        return newest_span(*self.days, self.most * POSTS_OF_A_SPAN) if self.days else None

    @property
    def is_long_ago(self) -> bool:
        return self.days is not None and self.days[1] < utcnow()

    @property
    def is_scattered(self) -> bool:
        """PostgreSQL takes each of many facts for common, as it knows none of them."""
        return self.is_long_ago or any(len(group) > 1 for group in self.groups)

    def values(self, looked_at: int, begin: datetime | None = None) -> dict[str, Any]:
        """`begin`: nothing older is looked for than this."""
        return {
            **self.reach.values(self.reach.topics),
            "now": utcnow(),
            "words": self.words,
            "posts": self.narrowed(begin),
            "others": backend().narrowed(self.words, [[OTHER]]),
            "most": self.most + 1,
            "reach": looked_at,
        }

    def narrowed(self, begin: datetime | None = None) -> str:
        if not self.choice.wanted.is_narrow:
            return self.words
        months = [facts.months(begin or self.days[0], self.days[1])] if self.days else []
        return cast(str, backend().narrowed(self.words, [*self.groups, *months]))


def hits_of(reach: Reach, query: Query, choice: Choice, most: int) -> tuple[list[Any], int]:
    """Rows (id, kind, days, language, topic_id, thread_kind, worth, told), unordered, and the
    newest of how many texts they are; 0: of all.

    The newest `most` texts of conversations that match, and as many of everything else. All of it
    is the viewer's to read.
    """
    asked = _asked(reach, query, choice, most)
    waiting = _waiting(asked)
    rows, compared = waiting or _in_span(asked) or _looked_through(asked)
    posts = [row for row in rows if row[1] == POST][:most]
    others = [row for row in rows if row[1] != POST]
    if compared and posts and not waiting and backend().FINDS_TITLES:
        posts = _with_titles(_titled(asked), posts, most)
    return [*posts, *others[:most]], compared


def count_of(reach: Reach, query: Query, choice: Choice, most: int) -> int:
    """How much there is, at most `most`."""
    return min(most, len(hits_of(reach, query, choice, most)[0]))


def _asked(reach: Reach, query: Query, choice: Choice, most: int) -> Asked:
    groups = facts_asked(reach.viewer, choice) if choice.wanted.is_narrow else []
    days = days_asked(reach.viewer, choice.wanted)
    return Asked(reach, query, choice, most, backend().expression(query), groups, days)


def _looked_through(asked: Asked) -> tuple[list[Any], int]:
    """What is looked at grows until it fills a page."""
    rows: list[Any] = []
    for share in LOOKED_AT:
        looked_at = min(int(asked.most * share) + 1, EVERYTHING)
        among = Among(is_scattered=asked.is_scattered, tells_of_more=looked_at < EVERYTHING)
        rows, is_cut = _rows(asked, asked.values(looked_at), among)
        if is_cut is not None:
            return rows, asked.most if is_cut else 0
        if len(rows) >= HITS_ON_A_PAGE:
            return rows, looked_at - 1
    return rows, 0


def _waiting(asked: Asked) -> tuple[list[Any], int] | None:
    """What matches in the newest threads that wait. None: too little of what there may be."""
    if asked.choice.wanted.state is not State.UNANSWERED:
        return None
    wide = min(NEWEST_WAITING, asked.most)
    threads = _threads_waiting(asked, wide + 1)
    if len(threads) <= wide:
        rows, is_cut = _in_threads(asked, threads)
        return rows, asked.most if is_cut else 0
    threads = threads[:wide]
    if asked.is_long_ago and asked.days:
        threads = _threads_waiting(asked, wide * OLD_BY_NEW_WAITING, asked.days[1])
    rows, _ = _in_threads(asked, threads)
    return (rows, min(len(rows), asked.most)) if len(rows) >= HITS_ON_A_PAGE else None


def _threads_waiting(asked: Asked, most: int, end: datetime | None = None) -> Sequence[int]:
    topic, kind = asked.choice.topic, asked.choice.wanted.kind
    newest = newest_unanswered(most, topic.id if topic else None, kind, end)
    return db.session.scalars(newest).all()


def _in_threads(asked: Asked, threads: Sequence[int]) -> tuple[list[Any], bool | None]:
    """Their days are asked of the posts alone: these threads leave few to ask."""
    words = cast(str, backend().narrowed(asked.words, asked.groups))
    among = Among(threads=threads, tells_of_more=False)
    return _rows(asked, asked.values(EVERYTHING) | {"posts": words}, among)


def _in_span(asked: Asked) -> tuple[list[Any], int] | None:
    """What matches in the newest posts of the days that are asked for, or in as many more as it
    seems to take. None: in these, too, there is room for more."""
    if asked.span is None or asked.days is None:
        return None
    rows, found_of = _within(asked, asked.span)
    posts = sum(row[1] == POST for row in rows)
    wider = asked.most * asked.most * POSTS_OF_A_SPAN * 3 // max(1, posts * 2)
    if found_of is None and wider <= asked.most * POSTS_OF_A_WIDE_SPAN:
        rows, found_of = _within(asked, newest_span(*asked.days, wider))
    return None if found_of is None else (rows, found_of)


def _within(asked: Asked, span: Span) -> tuple[list[Any], int | None]:
    """None: there may be more behind this span."""
    values = asked.values(EVERYTHING, span.begin) | {"first": span.first, "last": span.last}
    rows, is_cut = _rows(asked, values, Among(is_span=True, tells_of_more=False))
    if span.is_whole:
        return rows, asked.most if is_cut else 0
    return rows, asked.most if sum(row[1] == POST for row in rows) > asked.most else None


def _rows(asked: Asked, values: dict[str, Any], among: Among) -> tuple[list[Any], bool | None]:
    """One more than `most` shows that there is more. None: nobody knows, as there is more that
    matches and was not looked at."""
    every = found(asked.reach.viewer, asked.choice, values, among)
    rows = [row for row in every if row[0] is not None]
    posts = sum(row[1] == POST for row in rows)
    if max(posts, len(rows) - posts) >= values["most"]:
        return rows, True
    looked_at = values["reach"]
    return rows, None if any(row[0] is None and row[-1] >= looked_at for row in every) else False


def _titled(asked: Asked) -> list[Any]:
    """The newest whose titles have the words."""
    words = backend().narrowed(asked.narrowed(), words_titled(asked.query))
    most = min(asked.most, NEWEST_TITLES)
    values = asked.values(int(most * LOOKED_AT[1])) | {"posts": words, "most": most}
    if asked.span is not None:
        values |= {"first": 0, "last": asked.span.last}
    among = Among(only_posts=True, is_span=asked.span is not None, tells_of_more=False)
    every = found(asked.reach.viewer, asked.choice, values, among)
    return [row for row in every if row[0] is not None]


def _with_titles(titled: Iterable[Any], posts: Sequence[Any], most: int) -> list[Any]:
    """Older ones make room, so that there are as many as before."""
    rows = {row[0]: row for row in titled}
    rows |= {row[0]: row for row in posts[: max(0, most - len(rows))]}
    rows |= {row[0]: row for row in posts if len(rows) < most}
    return list(rows.values())


def in_order(hits: Sequence[Any], start: int, end: int, query: Query) -> list[int]:
    """The best first; a text counts half after each year, cities do not grow old."""
    score: Callable[[Any], float] = backend().scorer(query)
    scored = [
        (
            score(told) * worth * (HALF ** max(days, 0.0) if kind != CITY else 1.0),
            -number,
        )
        for number, kind, days, _language, _topic, _kind, worth, told in hits
    ]
    return [-number for _score, number in nsmallest(end, scored)[start:]]
