"""Which findable texts a viewer may read: each kind by its own domain's query."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import load_only

from app.accounts.models import User
from app.forum.choosing import Choice, begin_of, post_conditions
from app.forum.queries import post_is_readable, thread_is_visible
from app.forum.reach import is_reached
from app.notes.queries import practitioners_set_ids, published_set_ids
from app.search.models import FoundKind, SearchDocument
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to

ONLY_THREADS_HAVE = ("author", "city", "kind", "state", "tag")
"""Fields of a filter that nothing but a conversation can match."""


def posts_readable_by(viewer: User | None) -> ColumnElement[bool]:
    """For statements that join post, thread and topic."""
    kind = SearchDocument.kind == FoundKind.POST
    return and_(kind, thread_is_visible(viewer), post_is_readable())


def posts_reached(viewer: User | None, choice: Choice | None = None) -> ColumnElement[bool]:
    """The same rule by the numbers of a `Reach`, which come with its values: no topic is read.

    A filter's own conditions stand beside it; one for a topic has to join that.
    """
    reached = and_(SearchDocument.kind == FoundKind.POST, *is_reached(), post_is_readable())
    is_narrow = choice is not None and choice.wanted.is_narrow
    return and_(reached, post_conditions(viewer, choice)) if choice and is_narrow else reached


def others_readable_by(viewer: User | None, choice: Choice | None = None) -> ColumnElement[bool]:
    """The same for all that is no conversation, document by document."""
    sets = SearchDocument.note_set_id
    readable = or_(
        SearchDocument.kind == FoundKind.CITY,
        and_(
            SearchDocument.kind == FoundKind.WEBINAR,
            SearchDocument.webinar_id.in_(_webinar_ids(viewer)),
        ),
        and_(SearchDocument.kind == FoundKind.NOTES, sets.in_(published_set_ids(viewer))),
        and_(
            SearchDocument.kind == FoundKind.PRACTITIONER_NOTES,
            sets.in_(practitioners_set_ids(viewer)),
        ),
    )
    return and_(readable, _others_of(viewer, choice)) if choice is not None else readable


def leaves_only_posts(choice: Choice) -> bool:
    return any(getattr(choice.wanted, name) for name in ONLY_THREADS_HAVE)


def _others_of(viewer: User | None, choice: Choice) -> ColumnElement[bool]:
    """What is no conversation has a topic, a language and a day, and nothing else to ask for."""
    wanted = choice.wanted
    if leaves_only_posts(choice):
        return false()
    conditions = [SearchDocument.kind != FoundKind.POST]
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


def documents_by_keys(keys: Collection[str]) -> Select[SearchDocument]:
    return select(SearchDocument).where(SearchDocument.key.in_(keys))


def documents_of_thread(thread_id: int) -> Select[SearchDocument]:
    """Without their texts."""
    found = select(SearchDocument).where(SearchDocument.thread_id == thread_id)
    return found.options(load_only(SearchDocument.post_id, SearchDocument.facts))
