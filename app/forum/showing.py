"""The head of a thread as one person sees it, with all that stands around its posts: one statement.

What is said in it is in `showing_posts`, what was done to it in `showing_events`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Integer, Select, String, and_, bindparam, func, select

from app.accounts.models import Group, Seat, User
from app.accounts.queries import with_draft
from app.accounts.reader import kind_of, reader_values
from app.core.db import Words, db
from app.forum.about_thread import AboutThread
from app.forum.byline import SECOND, Byline, author_columns, byline, with_author
from app.forum.city_reading import rounded
from app.forum.models import Post, Tag, Thread, ThreadOverview, ThreadTag
from app.forum.packing import packed, unpacked
from app.forum.permissions import ThreadRights, thread_rights_of
from app.forum.queries import (
    is_author,
    names_shown_to,
    one_thread,
    post_is_readable,
    read_by,
    written_by_others,
)
from app.forum.reader_models import ThreadRead
from app.forum.showing_events import EventRow, event_rows, packed_events, packed_tag_names
from app.forum.showing_reader import (
    DraftThere,
    Reading,
    city_count,
    draft_there,
    my_first,
    reading_columns,
    reading_of,
)
from app.network.models import City
from app.topics.permissions import rights_columns


@dataclass(frozen=True)
class OverviewThere:
    """ "Where this stands", as last written. `author` None: withheld or gone."""

    revision: int
    html: str
    language: str
    created_at: datetime
    author: Byline | None


@dataclass(frozen=True)
class NamedThere:
    """A city whose people wrote in a thread, or a tag of it."""

    slug: str
    names: Words


@dataclass(frozen=True)
class Shown(AboutThread):
    """A thread with what this viewer may know about it."""

    thread: Thread
    rights: ThreadRights
    author: Byline | None
    is_mine: bool
    reading: Reading
    group_names: Words | None
    my_first: int | None  # the number of the viewer's first reply
    cities: list[NamedThere]
    tags: list[NamedThere]
    cities_read: int | None  # None: too few to say
    events: list[EventRow]
    draft: DraftThere | None
    overview: OverviewThere | None


def thread_for(viewer: User | None, thread_id: int) -> Shown | None:
    """The thread with all about it, or None when it is not the viewer's to see."""
    values = {"head_of": thread_id, "draft_for": f"reply:{thread_id}", **reader_values(viewer)}
    row = db.session.execute(_head(kind_of(viewer)), values).first()
    return None if row is None else _shown(viewer, row)


@cache
def _head(viewer: User | None) -> Select[Any]:
    """The thread and, in the order in which `_shown` reads them, the columns of each part.

    Put together once for all viewers of a kind: it is too long for each page anew.
    """
    overview, thread_id = ThreadOverview, bindparam("head_of", type_=Integer)
    statement: Select[Any] = one_thread(viewer, cast(int, thread_id)).add_columns(
        is_author(viewer, Thread.author_id).label("is_mine"),
        Group.names.label("group_names"),
        my_first(viewer).label("my_first"),
        packed(_cities(viewer)).label("cities"),
        packed(_tags()).label("tags"),
        city_count(viewer).label("city_count"),
        packed_events(viewer).label("events"),
        packed_tag_names().label("tag_names"),
        *rights_columns(viewer),
        *reading_columns(viewer),
        *author_columns(),
        *(overview.revision, overview.html, overview.language, overview.created_at),
        *author_columns(SECOND),
    )
    statement = (
        statement.outerjoin(ThreadRead, read_by(viewer))
        .outerjoin(Group, Group.id == Thread.group_id)
        .outerjoin(
            overview,
            and_(overview.thread_id == Thread.id, overview.revision == Thread.overview_revision),
        )
    )
    statement = with_author(statement, viewer, Thread.author_id, Thread.seat_id)
    statement = with_author(statement, viewer, overview.author_id, overview.seat_id, SECOND)
    return with_draft(statement, viewer, bindparam("draft_for", type_=String))


def _shown(viewer: User | None, row: Any) -> Shown:
    thread, is_mine, group_names, my_first, cities, tags, city_count, *rest = row
    events, tag_names, *rest = rest
    return Shown(
        thread=thread,
        rights=thread_rights_of(viewer, thread, rest[:4]),
        author=byline(tuple(rest[9:14])),
        is_mine=bool(is_mine),
        reading=reading_of(rest[4:9]),
        group_names=group_names,
        my_first=my_first,
        cities=_named(cities),
        tags=_named(tags),
        cities_read=rounded(city_count or 0),
        events=event_rows(events, tag_names),
        draft=draft_there(rest[23], rest[24]),
        overview=_overview(rest[14:23]),
    )


def first_unread_number(viewer: User, thread: Thread) -> int:
    """Where to go on reading: the first unread post, else the last one."""
    last_read = db.session.scalar(
        select(ThreadRead.last_read).where(
            ThreadRead.thread_id == thread.id, ThreadRead.user_id == viewer.id
        )
    )
    first = db.session.scalar(
        select(func.min(Post.number)).where(
            Post.thread_id == thread.id, Post.number > (last_read or 0), written_by_others(viewer)
        )
    )
    return first or thread.last_number


def _overview(values: list[Any]) -> OverviewThere | None:
    revision, html, language, created_at, *author = values
    if revision is None:
        return None
    return OverviewThere(revision, html, language, created_at, byline(tuple(author)))


def _named(value: str | None) -> list[NamedThere]:
    """The first column says the order: the first post of a city, the id of a tag."""
    rows = sorted(unpacked(value), key=lambda row: int(row[0]))
    return [NamedThere(slug, json.loads(names)) for _place, slug, names in rows]


def _cities(viewer: User | None) -> Select[Any]:
    """Cities whose people wrote; none where names are withheld."""
    columns: tuple[Any, ...] = (func.min(Post.number).label("place"), City.slug, City.names)
    return (
        select(*columns)
        .select_from(Post)
        .join(Seat, Seat.id == Post.seat_id)
        .join(City, City.id == Seat.city_id)
        .where(Post.thread_id == Thread.id, post_is_readable(), names_shown_to(viewer))
        .group_by(City.id)
        .correlate(Thread)
    )


def _tags() -> Select[Any]:
    columns: tuple[Any, ...] = (Tag.id, Tag.slug, Tag.names)
    return (
        select(*columns)
        .join(ThreadTag, ThreadTag.tag_id == Tag.id)
        .where(ThreadTag.thread_id == Thread.id)
        .correlate(Thread)
    )
