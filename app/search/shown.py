"""What a page of results says of its hits: read once, by the rules of who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Integer, Select, and_, bindparam, select

from app.accounts.models import User
from app.accounts.reader import kind_of
from app.core.db import db
from app.core.prepared import Prepared
from app.forum.enums import ThreadKind
from app.forum.models import Post, Thread
from app.forum.paging import page_of
from app.forum.queries import post_is_readable
from app.forum.reach import Reach, is_reached
from app.network.models import City
from app.network.queries import cities_by_ids
from app.search.models import FoundKind, SearchDocument
from app.webinars.enums import DatePrecision
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to

IDS = bindparam("ids", expanding=True, type_=Integer)


@dataclass(frozen=True, slots=True)
class FoundPost:
    """A post in the order of `POST`: nothing of who wrote it."""

    id: int
    thread_id: int
    number: int
    created_at: datetime
    edited_at: datetime | None
    title: str
    kind: ThreadKind
    language: str
    last_number: int
    topic_id: int

    @property
    def page(self) -> int:
        """The page of its thread it stands on."""
        return page_of(self.number, self.last_number)


@dataclass(frozen=True, slots=True)
class FoundWebinar:
    """A webinar in the order of `WEBINAR`."""

    id: int
    title: str
    date_precision: DatePrecision
    year: int | None
    topic_id: int | None


@dataclass(frozen=True, slots=True)
class Document:
    """A found text in the order of `DOCUMENT`."""

    id: int
    kind: FoundKind
    key: str
    post_id: int | None
    webinar_id: int | None
    city_id: int | None
    title: str
    body: str
    language: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A found text with the thing it belongs to: one of the three."""

    document: Document
    post: FoundPost | None
    webinar: FoundWebinar | None
    city: City | None


DOCUMENT = tuple(getattr(SearchDocument, name) for name in Document.__slots__)
POST = (Post.id, Post.thread_id, Post.number, Post.created_at, Post.edited_at, Thread.title,
        Thread.kind, Thread.language, Thread.last_number, Thread.topic_id)  # fmt: skip
WEBINAR = tuple(getattr(Webinar, name) for name in FoundWebinar.__slots__)


def shown(reach: Reach, ids: Sequence[int]) -> list[Shown]:
    """Those of these texts that the viewer may still read, in this order."""
    if not ids:
        return []
    rows = {row[0]: row for row in _texts.rows((), ids=ids, **reach.values(reach.topics))}
    documents = [Document(*rows[number][: len(DOCUMENT)]) for number in ids if number in rows]
    posts = {number: _post(row[len(DOCUMENT) :]) for number, row in rows.items()}
    webinars = _webinars_of(reach, [one.webinar_id for one in documents if one.webinar_id])
    cities = _cities_of([one.city_id for one in documents if one.city_id])
    found = [
        Shown(one, posts[one.id], webinars.get(one.webinar_id), cities.get(one.city_id))
        for one in documents
    ]
    return [one for one in found if one.post or one.webinar or one.city]


def _post(columns: Sequence[Any]) -> FoundPost | None:
    """`thread_id` stands in the post, but title and kind only where the thread is reached."""
    return None if columns[0] is None or columns[5] is None else FoundPost(*columns)


def _webinars_of(reach: Reach, ids: Sequence[int]) -> dict[int | None, FoundWebinar]:
    if not ids:
        return {}
    reader = kind_of(reach.viewer)
    rows = _webinars.rows((reader,), ids=ids, **reach.values(reach.topics))
    return {row[0]: FoundWebinar(*cast(Any, row)) for row in rows}


def _cities_of(ids: Sequence[int]) -> dict[int | None, City]:
    return {row.id: row for row in db.session.scalars(cities_by_ids(ids))} if ids else {}


@Prepared
def _texts() -> Select[Any]:
    """Read from these numbers on: texts, then their posts and threads if the viewer reads them."""
    columns: tuple[Any, ...] = (*DOCUMENT, *POST)
    post = and_(Post.id == SearchDocument.post_id, post_is_readable())
    found = select(*columns).select_from(SearchDocument).outerjoin(Post, post)
    found = found.outerjoin(Thread, and_(Thread.id == Post.thread_id, *is_reached()))
    return found.where(SearchDocument.id.in_(IDS))


@Prepared
def _webinars(reader: User | None) -> Select[Any]:
    columns: tuple[Any, ...] = WEBINAR
    found = webinars_visible_to(reader).with_only_columns(*columns)
    return found.where(Webinar.id.in_(IDS)).order_by(None)
