"""The statement that finds, and the order in which a reader sees what it found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from heapq import nsmallest
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Text,
    bindparam,
    case,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import contains_eager, load_only

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.core.clock import UTCDateTime, utcnow
from app.core.db import db
from app.forum.choosing import Choice
from app.forum.models import Post, Thread
from app.forum.queries import post_is_readable, thread_is_visible
from app.search.backends import postgresql, sqlite
from app.search.documents import OVERVIEW
from app.search.facts import OTHER
from app.search.models import FoundKind, SearchDocument
from app.search.narrowing import facts_asked
from app.search.parsing import Query
from app.search.queries import leaves_only_posts, others_readable_by, posts_readable_by
from app.topics.models import Topic

IS_OF_THREAD, IS_OF_TOPIC = Thread.id == Post.thread_id, Topic.id == Thread.topic_id
SHOWN_OF_POST = (Post.thread_id, Post.number, Post.created_at, Post.edited_at)
SHOWN_OF_THREAD = (
    Thread.topic_id,
    Thread.title,
    Thread.kind,
    Thread.language,
    Thread.last_number,
    Thread.accepted_number,
)
NEWEST_HITS = 1000
"""Ranking looks at no more conversations than these, and as much of everything else: each costs
10 µs. A reader is told, and a filter looks further back."""

HITS_ON_A_PAGE = 50
HALF = 0.5 ** (1 / 365)  # what a day leaves of the worth of a text
POST, CITY = FoundKind.POST.value, FoundKind.CITY.value
SOLVED = 1.2
TELLS_MORE = 1.5  # the accepted answer, and where a conversation stands


def hits_of(viewer: User | None, query: Query, choice: Choice, most: int) -> list[Any]:
    """Rows (id, kind, score, days, language, topic_id, thread_kind, worth), unordered.

    The newest `most` texts of conversations that match, and as many of everything else; one more
    shows that there is more. All of it is the viewer's to read.
    """
    words = backend().expression(query)
    values = {"words": words, "now": utcnow(), "most": most + 1, "others": words}
    if choice.wanted.is_narrow:
        values |= {
            "posts": backend().narrowed(words, facts_asked(viewer, choice)),
            "others": backend().narrowed(words, [[OTHER]]),
        }
        return list(db.session.execute(_hits(viewer, choice), values).all())
    values |= {
        "posts": words,
        "others": backend().narrowed(words, [[OTHER]]),
        "reader_id": viewer.id if viewer else 0,
    }
    return list(db.session.execute(_hits_of_all(backend(), _kind_of(viewer)), values).all())


def count_of(viewer: User | None, query: Query, choice: Choice, most: int) -> int:
    """How much there is, at most `most`."""
    return min(most, len(hits_of(viewer, query, choice, most)))


def newest(hits: list[Any], most: int) -> tuple[list[Any], bool]:
    """At most so many conversations and as many other things, and whether there are more."""
    if len(hits) <= most:
        return hits, False
    posts = [hit for hit in hits if hit[1] == POST]
    others = [hit for hit in hits if hit[1] != POST]
    return [*posts[:most], *others[:most]], max(len(posts), len(others)) > most


def in_order(hits: Sequence[Any], start: int, end: int) -> list[int]:
    """The best first; a text counts half after each year, cities do not grow old."""
    scored = [
        (
            score * worth * (HALF ** max(days, 0.0) if kind != CITY else 1.0),
            -number,
        )
        for number, kind, score, days, _language, _topic, _kind, worth in hits
    ]
    return [-number for _score, number in nsmallest(end, scored)[start:]]


def backend() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql


def _kind_of(viewer: User | None) -> SiteRole | None:
    """Readers of a kind ask the same statement with another number in it."""
    return viewer.role if viewer is not None and viewer.is_approved else None


@cache
def _hits_of_all(_backend: Any, role: SiteRole | None) -> Select[Any]:
    """Built once: building takes longer than a rare word needs to be found."""
    reader = SimpleNamespace(id=bindparam("reader_id", type_=Integer), is_approved=True, role=role)
    return _hits(cast(User, reader) if role else None, None)


def _hits(viewer: User | None, choice: Choice | None) -> Select[Any]:
    posts = _posts(posts_readable_by(viewer, choice))
    if choice is not None and leaves_only_posts(choice):
        return posts
    others = _others(others_readable_by(viewer, choice)).subquery("found_others")
    return union_all(select(posts.subquery("found_posts")), select(others))  # type: ignore[return-value]


def _posts(readable: ColumnElement[bool]) -> Select[Any]:
    """Everything is looked up row by row, the newest first, until there is enough."""
    facts = (Post.language, Thread.topic_id, type_coerce(Thread.kind, String), _worth())
    return _newest(facts, "posts", joined_posts(), readable)


def joined_posts() -> FromClause:
    one = backend()
    found = one.joined(one.INDEX, SearchDocument, SearchDocument.id == one.NUMBER)
    found = one.joined(found, Post, Post.id == SearchDocument.post_id)
    found = one.joined(found, Thread, IS_OF_THREAD)
    joined: FromClause = one.joined(found, Topic, IS_OF_TOPIC)
    return joined


def readable_posts(viewer: User | None, ids: Collection[int]) -> Select[Post]:
    """What a line of results shows of them, read from these numbers on and not from the topics
    down. The topics are at hand: whoever asks has loaded all that the viewer may read."""
    one = backend()
    found = one.joined(one.joined(Post.__table__, Thread, IS_OF_THREAD), Topic, IS_OF_TOPIC)
    thread = contains_eager(Post.thread).load_only(*SHOWN_OF_THREAD)
    posts = select(Post).select_from(found).options(load_only(*SHOWN_OF_POST), thread)
    return posts.where(Post.id.in_(ids), thread_is_visible(viewer), post_is_readable())


def _others(readable: ColumnElement[bool]) -> Select[Any]:
    one = backend()
    found = one.joined(one.INDEX, SearchDocument, SearchDocument.id == one.NUMBER)
    nothing = (sql_cast(null(), Integer), sql_cast(null(), String), literal(1.0))
    facts = (SearchDocument.language, *nothing)
    return _newest(facts, "others", found, readable)


def _newest(
    facts: tuple[Any, Any, Any, Any], asked: str, found: FromClause, readable: ColumnElement[bool]
) -> Select[Any]:
    one = backend()
    now = bindparam("now", type_=UTCDateTime)
    score = one.score(bindparam("words", type_=Text)).label("score")
    columns: list[Any] = [
        SearchDocument.id,
        type_coerce(SearchDocument.kind, String).label("kind"),
        score,
        one.age_in_days(SearchDocument.happened_at, now).label("days"),
        facts[0].label("language"),
        facts[1].label("topic_id"),
        facts[2].label("thread_kind"),
        facts[3].label("worth"),
    ]
    if one.SCORES_AFTERWARDS:
        del columns[2]
    newest = (
        select(*columns)
        .select_from(found)
        .where(one.matches(bindparam(asked, type_=Text)), readable)
        .order_by(one.NUMBER.desc())
        .limit(bindparam("most", type_=Integer))
    )
    return _scored(newest, score) if one.SCORES_AFTERWARDS else newest


def _scored(newest: Select[Any], score: Any) -> Select[Any]:
    """Each score reads a whole vector: only those of the newest are worth it."""
    one = backend()
    kept = newest.subquery()
    number, kind, *rest = kept.c
    return select(number, kind, score, *rest).join_from(kept, one.INDEX, kept.c.id == one.NUMBER)


def _worth() -> ColumnElement[Any]:
    """What a score is multiplied by."""
    is_answer = Post.number == Thread.accepted_number
    is_overview = SearchDocument.key.startswith(OVERVIEW)
    solved = case((Thread.accepted_number.is_not(None), SOLVED), else_=1.0)
    return solved * case((is_answer, TELLS_MORE), (is_overview, TELLS_MORE), else_=1.0)
