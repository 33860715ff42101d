"""Which findable texts a viewer may read: each kind by its own domain's query."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.accounts.models import User
from app.forum.queries import visible_post_ids
from app.notes.queries import practitioners_set_ids, published_set_ids
from app.search.models import FoundKind, SearchDocument
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to


def readable_by(viewer: User | None) -> ColumnElement[bool]:
    """The condition that stands inside the statement that finds and counts."""
    posts = visible_post_ids(viewer)
    webinars = webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)
    return or_(
        SearchDocument.kind == FoundKind.CITY,
        and_(SearchDocument.kind == FoundKind.POST, SearchDocument.post_id.in_(posts)),
        and_(SearchDocument.kind == FoundKind.WEBINAR, SearchDocument.webinar_id.in_(webinars)),
        and_(
            SearchDocument.kind == FoundKind.NOTES,
            SearchDocument.note_set_id.in_(published_set_ids(viewer)),
        ),
        and_(
            SearchDocument.kind == FoundKind.PRACTITIONER_NOTES,
            SearchDocument.note_set_id.in_(practitioners_set_ids(viewer)),
        ),
    )


def documents_by_ids(ids: Collection[int]) -> Select[SearchDocument]:
    return select(SearchDocument).where(SearchDocument.id.in_(ids))


def documents_by_keys(keys: Collection[str]) -> Select[SearchDocument]:
    return select(SearchDocument).where(SearchDocument.key.in_(keys))
