"""The newest texts of a range of days, as a stretch of the index.

Numbers of texts grow with time, but for those that were put in late, like a restored post. So the
days only say where a stretch begins and ends: all that was written on them lies within it, and
the rows themselves are asked for their day. Where more match than are compared, a late one is
left out where its post is not among the newest of the days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.prepared import Prepared
from app.forum.choosing import begin_of
from app.forum.filtering import EARLIEST_YEAR, ThreadFilter
from app.forum.findable import newest_posts_of_days
from app.search.models import SearchDocument


@dataclass(frozen=True)
class Span:
    """`begin`: when the first of its posts was written. `is_whole`: these are all posts of the
    days that were asked for."""

    first: int
    last: int
    begin: datetime
    end: datetime
    is_whole: bool


def days_asked(viewer: User | None, wanted: ThreadFilter) -> tuple[datetime, datetime] | None:
    """From one moment to another. None: any day will do."""
    if not wanted.since and not wanted.until:
        return None
    begin = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
    end = utcnow() + timedelta(days=1)
    if wanted.since:
        begin = begin_of(viewer, wanted.since)
    if wanted.until:
        end = begin_of(viewer, wanted.until + timedelta(days=1))
    return begin, end


def newest_span(begin: datetime, end: datetime, most: int) -> Span:
    """Where the newest so many posts of these days are found."""
    row = _newest.first((), begin=begin, end=end, most=most)
    first, last, since, posts = row or (None, None, None, 0)
    is_whole = posts < most
    return Span(first or 0, last or 0, begin if is_whole else since or begin, end, is_whole)


@Prepared
def _newest() -> Select[Any]:
    posts = newest_posts_of_days().cte()
    is_of = SearchDocument.post_id == posts.c.id
    number, since = SearchDocument.id, posts.c.created_at
    counted = func.count(posts.c.id.distinct())
    columns: tuple[Any, ...] = (func.min(number), func.max(number), func.min(since), counted)
    return select(*columns).select_from(posts.outerjoin(SearchDocument, is_of))
