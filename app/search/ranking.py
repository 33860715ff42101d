"""The statements that find: visibility, order, counts per kind and what filters leave out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.choosing import Choice
from app.forum.models import Post, Thread
from app.search.backends import postgresql, sqlite
from app.search.documents import OVERVIEW
from app.search.models import FoundKind, SearchDocument
from app.search.parsing import Query
from app.search.queries import readable_by

NEWEST_HITS = 3000
"""Ranking looks at no more than these: a common word costs 10 ms instead of 200."""

HITS_ON_A_PAGE = 50
HALF_LIFE = 365  # days after which a text counts half
SOLVED = 1.2
TELLS_MORE = 1.5  # the accepted answer, and where a conversation stands

Answer = aliased(Post, name="answer")


def ranked(
    query: Query, visible: ColumnElement[bool], kinds: Sequence[FoundKind], page: int
) -> Select[Any]:
    """Rows (kind, total, document): every kind found, with the page's hits beside it.

    No `kinds`: all. Counts stand on the same visible rows as the hits. Needs a wanted term.
    """
    found = _backend().matches(query, visible, NEWEST_HITS).cte("found")
    counts = select(found.c.kind, func.count().label("total")).group_by(found.c.kind).subquery()
    best = (
        select(found.c.id, found.c.kind, (found.c.score * _weight()).label("score"))
        .join(SearchDocument, SearchDocument.id == found.c.id)
        .outerjoin(Thread, Thread.id == SearchDocument.thread_id)
        .outerjoin(Answer, _is_accepted())
        .where(found.c.kind.in_(kinds or list(FoundKind)))
        .order_by("score", found.c.id.desc())
        .limit(HITS_ON_A_PAGE)
        .offset((page - 1) * HITS_ON_A_PAGE)
        .subquery()
    )
    return (
        select(counts.c.kind, counts.c.total, SearchDocument)
        .select_from(counts)
        .outerjoin(best, and_(best.c.kind == counts.c.kind))
        .outerjoin(SearchDocument, SearchDocument.id == best.c.id)
        .order_by(best.c.score, best.c.id.desc())
    )


def facets(query: Query, visible: ColumnElement[bool]) -> Select[Any]:
    """Rows (topic id, kind of thread, language, count) of the conversations found."""
    found = _backend().matches(query, visible, NEWEST_HITS).cte("found")
    kinds: tuple[Any, ...] = (Thread.topic_id, Thread.kind, SearchDocument.language)
    return (
        select(*kinds, func.count())
        .select_from(found)
        .join(SearchDocument, SearchDocument.id == found.c.id)
        .join(Thread, Thread.id == SearchDocument.thread_id)
        .group_by(*kinds)
    )


def without_each(viewer: User | None, query: Query, choice: Choice) -> Select[Any]:
    """One row: how much there would be without each of the filters, in their order."""
    found = _backend().matches(query, readable_by(viewer), NEWEST_HITS).cte("found")
    counts: list[Any] = [
        func.count().filter(readable_by(viewer, choice.without(name)))
        for name in choice.wanted.narrowed_by
    ]
    return select(*counts).select_from(found).join(SearchDocument, SearchDocument.id == found.c.id)


def _weight() -> ColumnElement[Any]:
    """What a score is multiplied by. Cities do not grow old."""
    days = _backend().age_in_days(SearchDocument.happened_at, utcnow())
    age = case((days > 0, days), else_=0.0)
    fresh = case(
        (SearchDocument.kind == FoundKind.CITY, 1.0),
        else_=func.pow(literal(0.5), age / float(HALF_LIFE)),
    )
    solved = case((Thread.accepted_number.is_not(None), SOLVED), else_=1.0)
    is_overview = SearchDocument.key.startswith(OVERVIEW)
    tells_more = case((Answer.id.is_not(None), TELLS_MORE), (is_overview, TELLS_MORE), else_=1.0)
    return fresh * solved * tells_more


def _is_accepted() -> ColumnElement[bool]:
    return and_(
        Answer.thread_id == Thread.id,
        Answer.number == Thread.accepted_number,
        Answer.id == SearchDocument.post_id,
    )


def _backend() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql
