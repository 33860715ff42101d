"""The statement that finds: conversations by one arm, everything else by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    and_,
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
from app.core.clock import UTCDateTime
from app.core.db import db
from app.core.prepared import Prepared
from app.forum.choosing import Choice
from app.forum.models import Post, Thread
from app.search.backends import postgresql, sqlite
from app.search.backends.lookup import Lookup
from app.search.documents import OVERVIEW
from app.search.models import SearchDocument
from app.search.queries import leaves_only_posts, others_readable_by, posts_reached
from app.topics.models import Topic

IS_OF_TOPIC = Topic.id == Thread.topic_id
IS_POST = and_(Post.id == SearchDocument.post_id, Post.thread_id == SearchDocument.thread_id)
JOINED_TO_POSTS = ((Thread, Thread.id == SearchDocument.thread_id), (Post, IS_POST))
"""Threads first: most of what does not match is left out by its thread."""
JOINED_TO_TOPIC = (*JOINED_TO_POSTS, (Topic, IS_OF_TOPIC))
SOLVED = 1.2
TELLS_MORE = 1.5  # the accepted answer, and where a conversation stands


@dataclass(frozen=True)
class Among:
    """Where conversations are looked for. `only_posts`: nothing else is asked for. For the others
    see `Lookup`."""

    only_posts: bool = False
    is_scattered: bool = False
    threads: Sequence[int] | None = None
    is_span: bool = False
    tells_of_more: bool = True


def found(
    viewer: User | None, choice: Choice, values: dict[str, Any], among: Among
) -> Sequence[Any]:
    with backend().planned_for_these_words():
        if choice.wanted.is_narrow:
            return db.session.execute(_hits(viewer, choice, among), values).all()
        form = _kind_of(viewer), among.only_posts, among.tells_of_more
        return _hits_of_all.rows(form, **values)


def backend() -> Any:
    return sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql


def _kind_of(viewer: User | None) -> SiteRole | None:
    """Readers of a kind ask the same statement with another number in it."""
    return viewer.role if viewer is not None and viewer.is_approved else None


@Prepared
def _hits_of_all(role: SiteRole | None, only_posts: bool, tells_of_more: bool) -> Select[Any]:
    among = Among(only_posts, tells_of_more=tells_of_more)
    reader = SimpleNamespace(id=bindparam(READER_ID, type_=Integer), is_approved=True, role=role)
    return _hits(cast(User, reader) if role else None, None, among)


def _hits(viewer: User | None, choice: Choice | None, among: Among) -> Select[Any]:
    is_of_topic = choice is not None and bool(choice.wanted.topic)
    joins = JOINED_TO_TOPIC if is_of_topic else JOINED_TO_POSTS
    found = _posts(joins, posts_reached(viewer, choice), among)
    if not among.only_posts and (choice is None or not leaves_only_posts(choice)):
        found += _others(others_readable_by(viewer, choice))
    if len(found) == 1:
        return found[0]
    return union_all(*[select(one.subquery()) for one in found])  # type: ignore[return-value]


def _posts(joins: Any, readable: ColumnElement[bool], among: Among) -> list[Select[Any]]:
    facts = (Post.language, Thread.topic_id, type_coerce(Thread.kind, String), _worth())
    return _newest("posts", facts, joins, readable, among)


def _others(readable: ColumnElement[bool]) -> list[Select[Any]]:
    nothing = (sql_cast(null(), Integer), sql_cast(null(), String), literal(1.0))
    return _newest("others", (SearchDocument.language, *nothing), (), readable)


def _newest(
    asked: str,
    facts: tuple[Any, Any, Any, Any],
    joins: Any,
    readable: ColumnElement[bool],
    among: Among = Among(),
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
    place = (among.is_scattered, among.threads, among.is_span, among.tells_of_more)
    wanted = Lookup(words, columns, joins, readable, told, *place)
    return cast(list[Select[Any]], one.newest(wanted))


def _worth() -> ColumnElement[Any]:
    """What a score is multiplied by."""
    is_answer = Post.number == Thread.accepted_number
    is_overview = SearchDocument.key.startswith(OVERVIEW)
    solved = case((Thread.accepted_number.is_not(None), SOLVED), else_=1.0)
    return solved * case((is_answer, TELLS_MORE), (is_overview, TELLS_MORE), else_=1.0)
