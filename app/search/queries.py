"""Which findable texts a viewer may read: each kind by its own domain's query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from app.accounts.models import User
from app.forum.choosing import Choice, begin_of, post_conditions
from app.forum.models import Post
from app.forum.queries import visible_post_ids
from app.notes.queries import practitioners_set_ids, published_set_ids
from app.search.models import FoundKind, SearchDocument
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to

ONLY_THREADS_HAVE = ("author", "city", "kind", "state", "tag")
"""Fields of a filter that nothing but a conversation can match."""


def readable_by(viewer: User | None, choice: Choice | None = None) -> ColumnElement[bool]:
    """The condition that stands inside the statement that finds and counts."""
    if choice is not None and choice.wanted.is_narrow:
        return or_(_posts_of(viewer, choice), _others_of(viewer, choice))
    webinars = _webinar_ids(viewer)
    return or_(
        SearchDocument.kind == FoundKind.CITY,
        readable_posts(viewer),
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


def _posts_of(viewer: User | None, choice: Choice) -> ColumnElement[bool]:
    return _is_among(visible_post_ids(viewer).where(post_conditions(viewer, choice)))


def readable_posts(viewer: User | None) -> ColumnElement[bool]:
    return _is_among(visible_post_ids(viewer))


def _is_among(posts: Select[int]) -> ColumnElement[bool]:
    """Asked document by document: gathering every post first would cost with the network's age."""
    one = posts.where(Post.id == SearchDocument.post_id).correlate(SearchDocument)
    return and_(SearchDocument.kind == FoundKind.POST, one.exists())


def _others_of(viewer: User | None, choice: Choice) -> ColumnElement[bool]:
    """What is no conversation has a topic, a language and a day, and nothing else to ask for."""
    wanted = choice.wanted
    if any(getattr(wanted, name) for name in ONLY_THREADS_HAVE):
        return false()
    conditions = [readable_by(viewer), SearchDocument.kind != FoundKind.POST]
    if choice.topic is not None:
        webinars = _webinar_ids(viewer).where(Webinar.topic_id == choice.topic.id)
        conditions.append(SearchDocument.webinar_id.in_(webinars))
    if wanted.language:
        conditions.append(SearchDocument.language == wanted.language)
    if wanted.since:
        conditions.append(SearchDocument.happened_at >= begin_of(viewer, wanted.since))
    if wanted.until:
        next_day = wanted.until + timedelta(days=1)
        conditions.append(SearchDocument.happened_at < begin_of(viewer, next_day))
    return and_(*conditions)


def _webinar_ids(viewer: User | None) -> Select[int]:
    return webinars_visible_to(viewer).with_only_columns(Webinar.id).order_by(None)


def documents_by_ids(ids: Collection[int]) -> Select[SearchDocument]:
    return select(SearchDocument).where(SearchDocument.id.in_(ids))


def documents_by_keys(keys: Collection[str]) -> Select[SearchDocument]:
    return select(SearchDocument).where(SearchDocument.key.in_(keys))
