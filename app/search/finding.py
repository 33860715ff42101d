"""From a typed question to what the viewer may read of the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from app.accounts.models import User
from app.core.i18n import _
from app.core.pagination import Page
from app.forum.choosing import Choice, chosen
from app.forum.enums import ThreadKind
from app.forum.reach import Reach, reach_of
from app.network.models import City
from app.search.documents import LABELS_BEGIN, OPENING, OVERVIEW
from app.search.models import FoundKind
from app.search.parsing import Query, parse, read
from app.search.ranking import HITS_ON_A_PAGE, NEWEST_HITS, hits_of, in_order
from app.search.shown import FoundPost, FoundWebinar, Shown, shown
from app.search.snippets import is_in, marked, snippet
from app.topics.cards import TopicCard
from app.webinars.enums import DatePrecision

TABS: dict[str, tuple[FoundKind, ...]] = {
    "all": (),
    "conversations": (FoundKind.POST,),
    "webinars": (FoundKind.WEBINAR,),
    "notes": (FoundKind.NOTES, FoundKind.PRACTITIONER_NOTES),
    "cities": (FoundKind.CITY,),
}
KIND = itemgetter(1)


@dataclass(frozen=True, slots=True)
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
    post: FoundPost | None
    webinar: FoundWebinar | None
    city: City | None
    topic: TopicCard | None
    label: str

    @property
    def is_overview(self) -> bool:
        """Where a conversation stands: found at its opening post."""
        return self.key.startswith(OVERVIEW)

    @property
    def what(self) -> str:
        """One of the names in `views._lines.KINDS`."""
        if self.post is None:
            return self.kind.value
        if self.is_overview or self.post.number > OPENING:
            return "overview" if self.is_overview else "reply"
        return "question" if self.post.kind is ThreadKind.QUESTION else "conversation"

    @property
    def title_language(self) -> str:
        return self.post.language if self.post else self.language

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
    compared: int
    """Only the newest so many texts with these words count, as there are older ones; 0: all."""

    @property
    def is_cut(self) -> bool:
        return self.compared > 0

    @property
    def hits(self) -> Sequence[Hit]:
        return self.page.rows

    @property
    def topics(self) -> Sequence[TopicCard]:
        """Those that the hits of this page belong to, each once."""
        return list({hit.topic.id: hit.topic for hit in self.hits if hit.topic}.values())


@dataclass(frozen=True)
class Asked:
    """What is looked for: the words, and the filter that fields and operators make together."""

    words: str
    query: Query
    choice: Choice
    reach: Reach

    @property
    def is_enough(self) -> bool:
        return bool(self.query.wanted) and self.query.is_long_enough


def asked_by(viewer: User | None, typed: str, fields: Mapping[str, str] | None = None) -> Asked:
    """Read what was typed and chosen. An operator says the same as its field, and wins."""
    said = read(typed)
    reach = reach_of(viewer)
    topics = reach.cards.of(reach.topics)
    choice = chosen(viewer, {**(fields or {}), **said.fields}, topics)
    hints = [
        _("“%(name)s” means nothing here, so it was searched as a word.", name=name)
        for name in said.unknown
    ]
    choice = replace(choice, hints=[*choice.hints, *hints])
    return Asked(said.words, parse(said.words), choice, reach)


def find(viewer: User | None, typed: str, *, tab: str = "all", page: int = 1) -> Found:
    """Look for what was typed."""
    return found_for(asked_by(viewer, typed), tab=tab, page=page)


def found_for(asked: Asked, *, tab: str = "all", page: int = 1, most: int = NEWEST_HITS) -> Found:
    """Nothing to look for, or too little, finds nothing."""
    rows: list[Any] = []
    compared = 0
    if asked.is_enough:
        rows, compared = hits_of(asked.reach, asked.query, asked.choice, most)
    by_kind = Counter(map(KIND, rows))
    counts = {name: _sum(by_kind, chosen) for name, chosen in TABS.items()}
    kinds = TABS.get(tab, ())
    chosen = [row for row in rows if row[1] in kinds] if kinds else rows
    ids = in_order(chosen, (page - 1) * HITS_ON_A_PAGE, page * HITS_ON_A_PAGE, asked.query)
    pages = max(1, -(-len(chosen) // HITS_ON_A_PAGE))
    return Found(Page(_hits(asked, ids), page, pages), counts, asked, rows, most, compared)


def _sum(by_kind: Mapping[str, int], chosen: Sequence[FoundKind]) -> int:
    return sum(total for kind, total in by_kind.items() if not chosen or kind in chosen)


def _hits(asked: Asked, ids: Sequence[int]) -> list[Hit]:
    topics = asked.reach.cards.all
    return [_hit(one, asked.query, topics) for one in shown(asked.reach, ids)]


def _hit(found: Shown, query: Query, topics: Mapping[int, TopicCard]) -> Hit:
    document, post = found.document, found.post
    body, _, labels = document.body.partition(LABELS_BEGIN)
    of_topic = post or found.webinar
    topic = topics.get(of_topic.topic_id or 0) if of_topic else None
    return Hit(
        document.kind,
        document.key,
        marked(document.title or (post.title if post else ""), query),
        snippet(body, query),
        document.language,
        document.happened_at,
        post,
        found.webinar,
        found.city,
        topic,
        labels if topic and is_in(labels, query) and not is_in(body, query) else "",
    )
