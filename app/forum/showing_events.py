"""What was done to a thread, as one person may know it: names and titles only of what they see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.accounts.reader import kind_of, reader_values
from app.core.i18n import in_language
from app.core.prepared import Prepared
from app.core.slugs import slugify
from app.forum.enums import EventKind
from app.forum.models import Tag, Thread, ThreadEvent
from app.forum.packing import packed, unpacked
from app.forum.queries import names_shown_to, visible_thread_ids
from app.topics.models import Topic
from app.topics.queries import listed_to

MOST_EVENTS = 500
Other = aliased(Thread, name="other_thread")
Before = aliased(Topic, name="topic_before")
After = aliased(Topic, name="topic_after")


@dataclass(frozen=True)
class OtherThread:
    """A thread that posts came from or went to, and that the viewer may read."""

    id: int
    title: str
    language: str

    @property
    def slug(self) -> str:
        return slugify(self.title)


@dataclass(frozen=True)
class EventRow:
    """`actor` None: withheld, gone or nobody. Other names are None where they are not shown."""

    id: int
    kind: EventKind
    after_number: int
    at: datetime
    details: dict[str, Any]
    actor: str | None
    other: OtherThread | None
    topic_before: str | None
    topic_after: str | None
    tags: dict[str, str]

    @property
    def place(self) -> tuple[int, int]:
        """Behind the post after which it happened, in the order in which things were done."""
        return (self.after_number, self.id)

    def number(self, name: str) -> int:
        """A whole number of the details; 0 when there is none."""
        value = self.details.get(name)
        return value if isinstance(value, int) else 0

    def text(self, name: str) -> str:
        value = self.details.get(name)
        return value if isinstance(value, str) else ""

    def tag_names(self, name: str) -> list[str]:
        """Names of the tags in a list of the details; words that are no tags here are left out."""
        slugs = self.details.get(name)
        known = slugs if isinstance(slugs, list) else []
        return [self.tags[slug] for slug in known if slug in self.tags]


def packed_events(viewer: User | None) -> Any:
    """The latest events of the thread that a statement reads, for `event_rows`."""
    event = ThreadEvent
    rows = (
        select(
            *(event.id, event.kind, event.after_number, event.at, event.details),
            User.display_name.label("actor"),
            *(Other.id.label("other_id"), Other.title, Other.language),
            *(Before.names.label("before"), After.names.label("after")),
        )
        .select_from(event)
        .outerjoin(User, and_(User.id == event.actor_id, names_shown_to(viewer)))
        .outerjoin(Other, _is_other(viewer))
        .outerjoin(Before, _is_topic(viewer, Before, "from_topic"))
        .outerjoin(After, _is_topic(viewer, After, "to_topic"))
        .where(event.thread_id == Thread.id)
        .order_by(event.id.desc())
        .limit(MOST_EVENTS)
        .correlate(Thread)
    )
    return case((Thread.event_count > 0, packed(rows)), else_=None)


def packed_tag_names() -> Any:
    """All tags of the topic: an event names also those that were taken off."""
    rows = select(Tag.slug, Tag.names).where(Tag.topic_id == Thread.topic_id).correlate(Thread)
    return case((Thread.event_count > 0, packed(rows)), else_=None)


def events_after(events: Sequence[EventRow], first: int, last: int) -> list[EventRow]:
    """Those that belong to a page with these numbers: to the first page also what came before."""
    earliest = first if first > 1 else 0
    return [event for event in events if earliest <= event.after_number <= last]


def events_between(viewer: User | None, thread_id: int, first: int, last: int) -> list[EventRow]:
    """The events of such a page of a thread that the viewer was seen to read."""
    row = _events.first((kind_of(viewer),), events_of=thread_id, **reader_values(viewer))
    return [] if row is None else events_after(event_rows(*row), first, last)


@Prepared
def _events(viewer: User | None) -> Select[Any]:
    thread_id = bindparam("events_of", type_=Integer)
    return select(packed_events(viewer), packed_tag_names()).where(Thread.id == thread_id)


def _is_other(viewer: User | None) -> Any:
    """The thread that a split or merge names, if the viewer reads that one, too."""
    details = ThreadEvent.details
    named = case(
        (ThreadEvent.kind == EventKind.SPLIT_OUT, details["to_thread"].as_integer()),
        (ThreadEvent.kind == EventKind.SPLIT_FROM, details["from_thread"].as_integer()),
        else_=None,
    )
    return and_(Other.id == named, Other.id.in_(visible_thread_ids(viewer).correlate(None)))


def _is_topic(viewer: User | None, topic: Any, name: str) -> Any:
    """A topic of a move whose name the viewer may know."""
    named = case(
        (ThreadEvent.kind == EventKind.MOVED, ThreadEvent.details[name].as_integer()), else_=None
    )
    listed = select(Topic.id).where(listed_to(viewer)).correlate(None)
    return and_(topic.id == named, topic.id.in_(listed))


def event_rows(events: str | None, tag_names: str | None) -> list[EventRow]:
    """What `packed_events` and `packed_tag_names` hold, in the order in which it happened."""
    tags = {slug: in_language(json.loads(names)) for slug, names in unpacked(tag_names)}
    return sorted((_event_row(row, tags) for row in unpacked(events)), key=attrgetter("place"))


def _event_row(row: list[str], tags: dict[str, str]) -> EventRow:
    own_id, kind, after_number, at, details, actor, other_id, title, language, before, after = row
    return EventRow(
        id=int(own_id),
        kind=EventKind(kind),
        after_number=int(after_number),
        at=_moment(at),
        details=json.loads(details),
        actor=actor or None,
        other=OtherThread(int(other_id), title, language) if other_id else None,
        topic_before=_name(before),
        topic_after=_name(after),
        tags=tags,
    )


def _moment(written: str) -> datetime:
    """SQLite writes UTC without saying so, PostgreSQL says in which zone it writes."""
    moment = datetime.fromisoformat(written)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _name(names: str) -> str | None:
    return in_language(json.loads(names)) if names else None
