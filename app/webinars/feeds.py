"""Calendars to subscribe to, and the file of one webinar (spec/calendar 2.1, 2.8).

What was written stays until something in it changes: a feed under the generations it was made
from and the minute, an event under its own facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.fragments import Key, fragment, many_fragments
from app.core.generations import generations
from app.core.i18n import _, in_language, language
from app.core.links import absolute_url
from app.topics.models import Topic
from app.webinars import itip
from app.webinars.entries import entry_of
from app.webinars.events import MOST, EventSeen, Told, events_of, one_event

__all__ = ["MOST", "CalendarFile", "download", "public_feed", "topic_feed"]

FEED_ZONE = "Europe/Brussels"


@dataclass(frozen=True)
class CalendarFile:
    """The bytes, their strong ETag, and when the newest thing in them changed."""

    content: bytes
    etag: str
    changed_at: datetime | None


def public_feed() -> CalendarFile:
    """What everybody may see."""
    return _feed(None, _("Interurban: webinars"))


def topic_feed(topic: Topic) -> CalendarFile:
    """What everybody may see of one topic."""
    return _feed(topic.id, _("Interurban: %(topic)s", topic=in_language(topic.names)))


def download(viewer: User | None, seen: EventSeen) -> CalendarFile:
    """One webinar as a file. It has no METHOD: Outlook refuses a REQUEST it was not sent."""
    key = ("event file", *_place(), seen.id, seen.generations)
    return _unpacked(fragment(key, lambda: _packed(_made_alone(viewer, seen.id))))


def _made_alone(viewer: User | None, webinar_id: int) -> CalendarFile:
    event = one_event(viewer, webinar_id)
    return _file(itip.download(_entry(event)), [event])


def _feed(topic_id: int | None, name: str) -> CalendarFile:
    minute = f"{utcnow():%Y-%m-%dT%H:%M}"
    key = ("feed", *_place(), topic_id, name, minute, generations("topics", "webinars"))
    return _unpacked(fragment(key, lambda: _packed(_made(topic_id, name))))


def _made(topic_id: int | None, name: str) -> CalendarFile:
    events, place = events_of(topic_id), _place()
    by_key: dict[Key, Told] = {("event", *place, event.digest): event for event in events}
    texts = many_fragments(list(by_key), partial(_written, by_key))
    return _file(itip.feed_of(texts, name, FEED_ZONE), events)


def _written(by_key: dict[Key, Told], missing: list[Key]) -> dict[Key, str]:
    return {key: itip.shown(_entry(by_key[key])) for key in missing}


def _place() -> tuple[str, str]:
    """What else is in every event: the language, and where this installation is."""
    return language(), absolute_url("webinars.index")


def _entry(event: Told) -> itip.Entry:
    """DTSTAMP is the last change, not now: the file stays the same until something changes."""
    return entry_of(event.webinar, sequence=event.sequence, stamp=event.updated_at)


def _file(content: bytes, events: Sequence[Told]) -> CalendarFile:
    changed_at = max((event.updated_at for event in events), default=None)
    return CalendarFile(content, hashlib.sha256(content).hexdigest()[:32], changed_at)


def _packed(file: CalendarFile) -> str:
    changed_at = file.changed_at.isoformat() if file.changed_at else ""
    return "\n".join([file.etag, changed_at, file.content.decode()])


def _unpacked(text: str) -> CalendarFile:
    etag, moment, content = text.split("\n", 2)
    return CalendarFile(content.encode(), etag, datetime.fromisoformat(moment) if moment else None)
