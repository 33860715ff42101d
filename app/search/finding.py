"""From a typed question to what the viewer may read of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.core.db import db
from app.core.i18n import _
from app.core.pagination import Page
from app.forum.choosing import Choice, chosen
from app.forum.models import Post
from app.forum.paging import page_of
from app.network.models import City
from app.network.queries import cities_by_ids
from app.search.documents import LABELS_BEGIN, OVERVIEW
from app.search.models import FoundKind, SearchDocument
from app.search.parsing import Query, parse, read
from app.search.queries import documents_by_ids
from app.search.ranking import (
    HITS_ON_A_PAGE,
    NEWEST_HITS,
    hits_of,
    in_order,
    readable_posts,
)
from app.search.snippets import is_in, marked, snippet
from app.topics.models import Topic
from app.topics.queries import topics_readable_by
from app.webinars.enums import DatePrecision
from app.webinars.models import Webinar
from app.webinars.queries import webinars_visible_to

TABS: dict[str, tuple[FoundKind, ...]] = {
    "all": (),
    "conversations": (FoundKind.POST,),
    "webinars": (FoundKind.WEBINAR,),
    "notes": (FoundKind.NOTES, FoundKind.PRACTITIONER_NOTES),
    "cities": (FoundKind.CITY,),
}


@dataclass(frozen=True)
class Hit:
    """One found text. `text` and `title` carry the marks of `snippets`; no hit names an author.

    `label` is the topic's name when only the topic was what matched.
    """

    kind: FoundKind
    key: str
    title: str
    text: str
    language: str
    happened_at: datetime
    post: Post | None
    webinar: Webinar | None
    city: City | None
    topic: Topic | None
    label: str

    @property
    def is_overview(self) -> bool:
        """Where a conversation stands: found at its opening post."""
        return self.key.startswith(OVERVIEW)

    @property
    def title_language(self) -> str:
        return self.post.thread.language if self.post else self.language

    @property
    def page_of_thread(self) -> int | None:
        """The page a post stands on; None for the first."""
        page = page_of(self.post.number, self.post.thread.last_number) if self.post else 1
        return page if page > 1 else None

    @property
    def day(self) -> datetime | None:
        """None where only the year is known."""
        return None if self.year else self.happened_at

    @property
    def year(self) -> int | None:
        is_vague = self.webinar is not None and self.webinar.date_precision == DatePrecision.YEAR
        return self.webinar.year if self.webinar and is_vague and not self.is_notes else None

    @property
    def is_notes(self) -> bool:
        return self.kind in TABS["notes"]


@dataclass(frozen=True)
class Found:
    """A page of hits and the counts of each tab, all of them the viewer's to read."""

    page: Page
    counts: dict[str, int]
    asked: Asked
    rows: Sequence[Any]
    most: int
    is_cut: bool
    """There are older texts with these words than the newest `most`, which are all that counts."""

    @property
    def hits(self) -> Sequence[Hit]:
        return self.page.rows


@dataclass(frozen=True)
class Asked:
    """What is looked for: the words, and the filter that fields and operators make together."""

    words: str
    query: Query
    choice: Choice

    @property
    def is_enough(self) -> bool:
        return bool(self.query.wanted) and self.query.is_long_enough


def asked_by(viewer: User | None, typed: str, fields: Mapping[str, str] | None = None) -> Asked:
    """Read what was typed and chosen. An operator says the same as its field, and wins."""
    said = read(typed)
    topics = db.session.scalars(topics_readable_by(viewer)).all()
    choice = chosen(viewer, {**(fields or {}), **said.fields}, topics)
    hints = [
        _("“%(name)s” means nothing here, so it was searched as a word.", name=name)
        for name in said.unknown
    ]
    return Asked(said.words, parse(said.words), replace(choice, hints=[*choice.hints, *hints]))


def find(viewer: User | None, typed: str, *, tab: str = "all", page: int = 1) -> Found:
    """Look for what was typed."""
    return found_for(viewer, asked_by(viewer, typed), tab=tab, page=page)


def found_for(
    viewer: User | None, asked: Asked, *, tab: str = "all", page: int = 1, most: int = NEWEST_HITS
) -> Found:
    """Nothing to look for, or too little, finds nothing."""
    rows: list[Any] = []
    is_cut = False
    if asked.is_enough:
        rows, is_cut = hits_of(viewer, asked.query, asked.choice, most)
    by_kind = Counter([row[1] for row in rows])
    counts = {name: _sum(by_kind, chosen) for name, chosen in TABS.items()}
    kinds = TABS.get(tab, ())
    chosen = [row for row in rows if row[1] in kinds] if kinds else rows
    ids = in_order(chosen, (page - 1) * HITS_ON_A_PAGE, page * HITS_ON_A_PAGE)
    pages = max(1, -(-len(chosen) // HITS_ON_A_PAGE))
    shown = Page(_hits(viewer, asked.query, _documents(ids)), page, pages)
    return Found(shown, counts, asked, rows, most, is_cut)


def _documents(ids: Sequence[int]) -> list[SearchDocument]:
    """In this order."""
    if not ids:
        return []
    found = {one.id: one for one in db.session.scalars(documents_by_ids(ids))}
    return [found[number] for number in ids]


def _sum(by_kind: Mapping[str, int], chosen: Sequence[FoundKind]) -> int:
    return sum(total for kind, total in by_kind.items() if not chosen or kind in chosen)


def _hits(viewer: User | None, query: Query, documents: Sequence[SearchDocument]) -> list[Hit]:
    things = _Things(viewer, documents)
    return [_hit(document, things, query) for document in documents]


class _Things:
    """The rows that a page of documents belongs to, read through their own visibility."""

    def __init__(self, viewer: User | None, documents: Collection[SearchDocument]) -> None:
        posts = {one.post_id for one in documents if one.post_id}
        webinars = {one.webinar_id for one in documents if one.webinar_id}
        cities = {one.city_id for one in documents if one.city_id}
        self.posts: dict[int | None, Post] = _by_id(readable_posts(viewer, posts), posts)
        self.webinars: dict[int | None, Webinar] = _by_id(
            webinars_visible_to(viewer)
            .where(Webinar.id.in_(webinars))
            .options(joinedload(Webinar.topic)),
            webinars,
        )
        self.cities: dict[int | None, City] = _by_id(cities_by_ids(cities), cities)


def _by_id(select: Any, ids: Collection[int]) -> dict[int | None, Any]:
    return {row.id: row for row in db.session.scalars(select)} if ids else {}


def _hit(document: SearchDocument, things: _Things, query: Query) -> Hit:
    post = things.posts.get(document.post_id)
    webinar = things.webinars.get(document.webinar_id)
    body, _, labels = document.body.partition(LABELS_BEGIN)
    text = snippet(body, query)
    topic = post.thread.topic if post else webinar.topic if webinar else None
    return Hit(
        document.kind,
        document.key,
        marked(document.title or (post.thread.title if post else ""), query),
        text,
        document.language,
        document.happened_at,
        post,
        webinar,
        things.cities.get(document.city_id),
        topic,
        labels if topic and is_in(labels, query) and not is_in(body, query) else "",
    )
