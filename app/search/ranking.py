"""The statement that finds, and the order in which a reader sees what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from heapq import nsmallest
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
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

from app.accounts.enums import SiteRole
from app.accounts.models import User
from app.accounts.reader import READER_ID
from app.core.clock import UTCDateTime, utcnow
from app.core.db import db
from app.core.prepared import Prepared
from app.forum.choosing import Choice
from app.forum.enums import State
from app.forum.findable import newest_unanswered
from app.forum.models import Post, Thread
from app.forum.reach import Reach
from app.search.backends import postgresql, sqlite
from app.search.backends.lookup import Lookup
from app.search.documents import OVERVIEW
from app.search.facts import OTHER, words_titled
from app.search.models import FoundKind, SearchDocument
from app.search.narrowing import facts_asked
from app.search.parsing import Query
from app.search.queries import leaves_only_posts, others_readable_by, posts_reached
from app.topics.models import Topic

IS_OF_THREAD, IS_OF_TOPIC = Thread.id == Post.thread_id, Topic.id == Thread.topic_id
JOINED_TO_POSTS = (
    (Post, Post.id == SearchDocument.post_id),
    (Thread, IS_OF_THREAD),
    (Topic, IS_OF_TOPIC),
)
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

EVERYTHING = 2**31 - 1

FAR_BACK = timedelta(days=365)
HITS_ON_A_PAGE = 50
HALF = 0.5 ** (1 / 365)  # what a day leaves of the worth of a text
POST, CITY = FoundKind.POST.value, FoundKind.CITY.value
SOLVED = 1.2
TELLS_MORE = 1.5  # the accepted answer, and where a conversation stands


def hits_of(reach: Reach, query: Query, choice: Choice, most: int) -> tuple[list[Any], int]:
    """Rows (id, kind, days, language, topic_id, thread_kind, worth, told), unordered, and the
    newest of how many texts they are; 0: of all.

    The newest `most` texts of conversations that match, and as many of everything else. All of it
    is the viewer's to read.
    """
    values = _values(reach, query, choice)
    rows, compared = _looked_through(reach, choice, values, most)
    posts = [row for row in rows if row[1] == POST][:most]
    others = [row for row in rows if row[1] != POST]
    if compared and posts and backend().FINDS_TITLES:
        posts = _with_titles(_titled(reach, query, choice, values, most), posts, most)
    return [*posts, *others[:most]], compared


def count_of(reach: Reach, query: Query, choice: Choice, most: int) -> int:
    """How much there is, at most `most`."""
    return min(most, len(hits_of(reach, query, choice, most)[0]))


def _looked_through(
    reach: Reach, choice: Choice, values: dict[str, Any], most: int
) -> tuple[list[Any], int]:
    if choice.wanted.state is State.UNANSWERED and backend().STARTS_WITH_THREADS:
        found = _waiting(reach, choice, values, most)
        if found is not None:
            return found
    rows: list[Any] = []
    for share in LOOKED_AT:
        looked_at = min(int(most * share) + 1, EVERYTHING)
        values |= {"most": most + 1, "reach": looked_at}
        rows, is_cut = _rows(reach, choice, values)
        if is_cut is not None:
            return rows, most if is_cut else 0
        if len(rows) >= HITS_ON_A_PAGE:
            return rows, looked_at - 1
    return rows, 0


def _waiting(
    reach: Reach, choice: Choice, values: dict[str, Any], most: int
) -> tuple[list[Any], int] | None:
    """What matches in the newest threads that wait. None: too little of what there may be."""
    wide = min(NEWEST_WAITING, most)
    threads = db.session.scalars(newest_unanswered(wide + 1)).all()
    values |= {"most": most + 1, "reach": EVERYTHING}
    rows, is_cut = _rows(reach, choice, values, threads[:wide])
    if len(threads) <= wide:
        return rows, most if is_cut else 0
    return (rows, min(len(rows), most)) if len(rows) >= HITS_ON_A_PAGE else None


def _rows(
    reach: Reach,
    choice: Choice,
    values: dict[str, Any],
    threads: Sequence[int] | None = None,
) -> tuple[list[Any], bool | None]:
    """One more than `most` shows that there is more. None: nobody knows, as there is more that
    matches and was not looked at."""
    found = _found(reach.viewer, choice, values, threads=threads)
    rows = [row for row in found if row[0] is not None]
    posts = sum(row[1] == POST for row in rows)
    if max(posts, len(rows) - posts) >= values["most"]:
        return rows, True
    looked_at = values["reach"]
    return rows, None if any(row[0] is None and row[-1] >= looked_at for row in found) else False


def _titled(
    reach: Reach, query: Query, choice: Choice, values: dict[str, Any], most: int
) -> list[Any]:
    """The newest whose titles have the words."""
    words = backend().narrowed(values["posts"], words_titled(query))
    asked = min(most, NEWEST_TITLES)
    titles = {"posts": words, "most": asked, "reach": int(asked * LOOKED_AT[1])}
    found = _found(reach.viewer, choice, values | titles, only_posts=True)
    return [row for row in found if row[0] is not None]


def _with_titles(titled: Iterable[Any], posts: Sequence[Any], most: int) -> list[Any]:
    """Older ones make room, so that there are as many as before."""
    rows = {row[0]: row for row in titled}
    rows |= {row[0]: row for row in posts[: max(0, most - len(rows))]}
    rows |= {row[0]: row for row in posts if len(rows) < most}
    return list(rows.values())


def _found(
    viewer: User | None,
    choice: Choice,
    values: dict[str, Any],
    only_posts: bool = False,
    threads: Sequence[int] | None = None,
) -> Sequence[Any]:
    with backend().planned_for_these_words():
        if choice.wanted.is_narrow:
            return db.session.execute(_hits(viewer, choice, only_posts, threads), values).all()
        return _hits_of_all.rows((_kind_of(viewer), only_posts), **values)


def _values(reach: Reach, query: Query, choice: Choice) -> dict[str, Any]:
    """What the statement is executed with."""
    words = backend().expression(query)
    narrow = choice.wanted.is_narrow
    return {
        **reach.values(reach.topics),
        "now": utcnow(),
        "words": words,
        "posts": backend().narrowed(words, facts_asked(reach.viewer, choice)) if narrow else words,
        "others": backend().narrowed(words, [[OTHER]]),
    }


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


def backend() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql


def _kind_of(viewer: User | None) -> SiteRole | None:
    """Readers of a kind ask the same statement with another number in it."""
    return viewer.role if viewer is not None and viewer.is_approved else None


@Prepared
def _hits_of_all(role: SiteRole | None, only_posts: bool) -> Select[Any]:
    reader = SimpleNamespace(id=bindparam(READER_ID, type_=Integer), is_approved=True, role=role)
    return _hits(cast(User, reader) if role else None, None, only_posts)


def _hits(
    viewer: User | None,
    choice: Choice | None,
    only_posts: bool,
    threads: Sequence[int] | None = None,
) -> Select[Any]:
    is_of_topic = choice is not None and bool(choice.wanted.topic)
    joins = JOINED_TO_POSTS if is_of_topic else JOINED_TO_POSTS[:2]
    found = _posts(joins, posts_reached(viewer, choice), _is_far_back(choice), threads)
    if not only_posts and (choice is None or not leaves_only_posts(choice)):
        found += _others(others_readable_by(viewer, choice))
    if len(found) == 1:
        return found[0]
    return union_all(*[select(one.subquery()) for one in found])  # type: ignore[return-value]


def _is_far_back(choice: Choice | None) -> bool:
    until = choice.wanted.until if choice else None
    return until is not None and until < utcnow().date() - FAR_BACK


def _posts(
    joins: Any,
    readable: ColumnElement[bool],
    is_far_back: bool,
    threads: Sequence[int] | None,
) -> list[Select[Any]]:
    facts = (Post.language, Thread.topic_id, type_coerce(Thread.kind, String), _worth())
    return _newest("posts", facts, joins, readable, is_far_back, threads)


def _others(readable: ColumnElement[bool]) -> list[Select[Any]]:
    nothing = (sql_cast(null(), Integer), sql_cast(null(), String), literal(1.0))
    return _newest("others", (SearchDocument.language, *nothing), (), readable)


def _newest(
    asked: str,
    facts: tuple[Any, Any, Any, Any],
    joins: Any,
    readable: ColumnElement[bool],
    is_far_back: bool = False,
    threads: Sequence[int] | None = None,
) -> list[Select[Any]]:
    one = backend()
    now = bindparam("now", type_=UTCDateTime)
    language, topic_id, thread_kind, worth = facts
    columns = [
        SearchDocument.id.label("id"),
        type_coerce(SearchDocument.kind, String).label("kind"),
        one.age_in_days(SearchDocument.happened_at, now).label("days"),
        language.label("language"),
        topic_id.label("topic_id"),
        thread_kind.label("thread_kind"),
        worth.label("worth"),
    ]
    told = one.told(bindparam("words", type_=Text))
    words = bindparam(asked, type_=Text)
    wanted = Lookup(words, columns, joins, readable, told, is_far_back, threads)
    return cast(list[Select[Any]], one.newest(wanted))


def _worth() -> ColumnElement[Any]:
    """What a score is multiplied by."""
    is_answer = Post.number == Thread.accepted_number
    is_overview = SearchDocument.key.startswith(OVERVIEW)
    solved = case((Thread.accepted_number.is_not(None), SOLVED), else_=1.0)
    return solved * case((is_answer, TELLS_MORE), (is_overview, TELLS_MORE), else_=1.0)
