"""Everything that can be found, in portions, for building the index anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.core.db import db
from app.forum.findable import overviews_for_indexing, posts_for_indexing
from app.forum.models import Post, ThreadOverview
from app.network.models import City
from app.network.queries import cities_listed
from app.notes.models import SummaryVersion
from app.notes.queries import summaries_for_indexing
from app.search.conversations import documents_of_overviews, documents_of_posts
from app.search.documents import (
    Document,
    document_of_city,
    documents_of_summary,
    documents_of_webinar,
)
from app.webinars.models import Webinar
from app.webinars.queries import webinars_for_indexing

PORTION = 100


@dataclass(frozen=True)
class Source:
    """Rows of one kind in the order of their number, and what can be found of each."""

    rows: Select[Any]
    number: Any
    documents_of: Callable[[Sequence[Any]], list[Document]]


def sources() -> list[Source]:
    return [
        Source(cities_listed(), City.id, each(lambda city: [document_of_city(city)])),
        Source(webinars_for_indexing(), Webinar.id, each(documents_of_webinar)),
        Source(posts_for_indexing(), Post.id, documents_of_posts),
        Source(overviews_for_indexing(), ThreadOverview.id, documents_of_overviews),
        Source(summaries_for_indexing(), SummaryVersion.id, each(documents_of_summary)),
    ]


def each(
    documents_of: Callable[[Any], list[Document]],
) -> Callable[[Sequence[Any]], list[Document]]:
    return lambda rows: [document for row in rows for document in documents_of(row)]


def row_count(source: Source) -> int:
    plain = source.rows.with_only_columns(source.number).order_by(None)
    return db.session.scalar(select(func.count()).select_from(plain.subquery())) or 0


def portion(source: Source, after: int) -> tuple[Sequence[Document], int, int]:
    """The documents of the next rows, how many rows these are, and the last number read."""
    found = source.rows.where(source.number > after).order_by(None).order_by(source.number)
    rows = db.session.scalars(found.limit(PORTION)).unique().all()
    return source.documents_of(rows), len(rows), rows[-1].id if rows else after
