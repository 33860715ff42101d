"""What was done to a thread, as one person may know it: names and titles only of what they see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, and_, case, cast, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.core.db import Words, db
from app.core.i18n import in_language
from app.core.slugs import slugify
from app.forum.enums import EventKind
from app.forum.models import Tag, Thread, ThreadEvent
from app.forum.packing import packed, unpacked
from app.forum.queries import names_shown_to, thread_is_visible, visible_thread_ids
from app.topics.models import Topic
from app.topics.queries import listed_to

WHOLE_THREAD = 2**31 - 1
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


def events_between(
    viewer: User | None, thread_id: int, first: int = 1, last: int = WHOLE_THREAD
) -> list[EventRow]:
    """What was done after the posts with these numbers; with the first one also before it."""
    after_number = ThreadEvent.after_number
    earliest = first if first > 1 else 0
    statement = _events(viewer).where(
        ThreadEvent.thread_id == thread_id, after_number.between(earliest, last)
    )
    return [_event_row(row) for row in db.session.execute(statement)]


def _events(viewer: User | None) -> Select[Any]:
    event = ThreadEvent
    retagged = event.kind == EventKind.RETAGGED
    return (
        select(
            *(event.id, event.kind, event.after_number, event.at, event.details),
            User.display_name,
            *(Other.id, Other.title, Other.language),
            *(Before.names, After.names),
            case((retagged, packed(_tags())), else_=None),
        )
        .select_from(event)
        .join(Thread, Thread.id == event.thread_id)
        .join(Thread.topic)
        .outerjoin(User, and_(User.id == event.actor_id, names_shown_to(viewer)))
        .outerjoin(Other, _is_other(viewer))
        .outerjoin(Before, _is_topic(viewer, Before, "from_topic"))
        .outerjoin(After, _is_topic(viewer, After, "to_topic"))
        .where(thread_is_visible(viewer))
        .order_by(event.after_number, event.id)
    )


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


def _tags() -> Select[Any]:
    own = select(Tag.slug, cast(Tag.names, String)).where(Tag.topic_id == Thread.topic_id)
    return own.correlate(Thread)


def _event_row(row: Any) -> EventRow:
    *own, other_id, title, language, before, after, tags = row
    other = None if other_id is None else OtherThread(other_id, title, language)
    return EventRow(*own, other, _name(before), _name(after), _tag_names(tags))


def _name(names: Words | None) -> str | None:
    return None if names is None else in_language(names)


def _tag_names(value: str | None) -> dict[str, str]:
    return {slug: in_language(json.loads(names)) for slug, names in unpacked(value)}
