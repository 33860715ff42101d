"""Calendars to subscribe to, and the file of one webinar (spec/calendar 2.1, 2.8).

What was written stays until something in it changes: a feed under the generations it was made
from and the minute, an event under its own facts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.fragments import Key, fragment, kept_fragments, many_fragments
from app.core.generations import generations
from app.core.i18n import _, in_language, language
from app.core.links import absolute_url
from app.topics.models import Topic
from app.webinars import itip
from app.webinars.clock_zones import network_zones
from app.webinars.entries import entry_of
from app.webinars.enums import FeedKind
from app.webinars.events import (
    MOST,
    Choice,
    EventSeen,
    Range,
    Told,
    events_of,
    one_event,
    series_title,
)

__all__ = [
    "MOST", "CalendarFile", "calendar_file", "download", "personal_feed", "public_feed",
    "series_feed", "topic_feed",
]  # fmt: skip

FEED_ZONE = "Europe/Brussels"
SHOWS = ("topics", "webinars", "network")
RANGES = {FeedKind.MINE: Range.MINE, FeedKind.ORGANISED: Range.ORGANISED}


@dataclass(frozen=True)
class CalendarFile:
    """The bytes, their strong ETag, and when the newest thing in them changed."""

    content: bytes
    etag: str
    changed_at: datetime | None


def public_feed() -> CalendarFile:
    """What everybody may see."""
    return _feed(Choice(), _("Interurban: webinars"), FEED_ZONE)


def topic_feed(topic: Topic) -> CalendarFile:
    """What everybody may see of one topic."""
    name = _("Interurban: %(topic)s", topic=in_language(topic.names))
    return _feed(Choice(Range.TOPIC, topic.id), name, FEED_ZONE)


def series_feed(series_id: int) -> CalendarFile | None:
    """What everybody may see of one series; None when that is nothing."""
    title = series_title(series_id)
    if title is None:
        return None
    name = _("Interurban: %(topic)s", topic=title)
    return _feed(Choice(Range.SERIES, series_id), name, FEED_ZONE)


def personal_feed(reader: User, kind: FeedKind) -> CalendarFile:
    """Where the reader has a seat, or what the reader organises. It does block their time."""
    names = {
        FeedKind.MINE: _("Interurban: my webinars"),
        FeedKind.ORGANISED: _("Interurban: webinars I organise"),
    }
    return _feed(Choice(RANGES[kind], reader=reader), names[kind], reader.timezone)


def download(viewer: User | None, seen: EventSeen) -> CalendarFile:
    """One webinar as a file. It has no METHOD: Outlook refuses a REQUEST it was not sent."""
    return _unpacked(fragment(_key(seen), lambda: _packed(_made_alone(viewer, seen.id))))


def kept_download(seen: EventSeen) -> CalendarFile | None:
    """The same, if it was made before: it is alike for all who see the webinar."""
    kept = kept_fragments([_key(seen)])
    return _unpacked(kept[0]) if kept else None


def _key(seen: EventSeen) -> Key:
    return "event file", *_place(), seen.id, seen.generations, utcnow().date()


def calendar_file(content: bytes, moments: Iterable[datetime]) -> CalendarFile:
    """Written text as a file whose newest part changed at the latest of these moments."""
    etag = hashlib.sha256(content).hexdigest()[:32]
    return CalendarFile(content, etag, max(moments, default=None))


def _made_alone(viewer: User | None, webinar_id: int) -> CalendarFile:
    """SEQUENCE is that of the mails: a higher one would keep later mails out of the calendar."""
    event = one_event(viewer, webinar_id)
    return _file(itip.download(_entry(event, event.sequence, network_zones())), [event])


def _feed(choice: Choice, name: str, tzid: str) -> CalendarFile:
    minute = f"{utcnow():%Y-%m-%dT%H:%M}"
    shows = SHOWS if choice.reader is None else (*SHOWS, "people")
    reader_id = choice.reader.id if choice.reader else None
    of = (choice.range, choice.number, reader_id)
    key = ("feed", *_place(), of, name, tzid, minute, generations(*shows))
    return _unpacked(fragment(key, lambda: _packed(_made(choice, name, tzid))))


def _made(choice: Choice, name: str, tzid: str) -> CalendarFile:
    events, zones, blocks = events_of(choice), network_zones(), choice.reader is not None
    place = (*_place(), zones, blocks)
    by_key: dict[Key, Told] = {("event", *place, event.digest): event for event in events}
    texts = many_fragments(list(by_key), partial(_written, by_key, zones, blocks))
    return _file(itip.feed_of(texts, name, tzid), events)


def _written(
    by_key: dict[Key, Told], zones: tuple[str, ...], blocks: bool, missing: list[Key]
) -> dict[Key, str]:
    return {key: _shown(by_key[key], zones, blocks) for key in missing}


def _shown(event: Told, zones: tuple[str, ...], blocks: bool) -> str:
    return itip.shown(_entry(event, event.feed_sequence, zones), blocks_time=blocks)


def _place() -> tuple[str, str]:
    """What else is in every event: the language, and where this installation is."""
    return language(), absolute_url("webinars.index")


def _entry(event: Told, sequence: int, zones: tuple[str, ...]) -> itip.Entry:
    """DTSTAMP is the last change, not now: the file stays the same until something changes."""
    return entry_of(
        event.webinar,
        sequence=sequence,
        stamp=event.updated_at,
        zones=zones,
        siblings=event.siblings,
    )


def _file(content: bytes, events: Sequence[Told]) -> CalendarFile:
    return calendar_file(content, (event.updated_at for event in events))


def _packed(file: CalendarFile) -> str:
    changed_at = file.changed_at.isoformat() if file.changed_at else ""
    return "\n".join([file.etag, changed_at, file.content.decode()])


def _unpacked(text: str) -> CalendarFile:
    etag, moment, content = text.split("\n", 2)
    return CalendarFile(content.encode(), etag, datetime.fromisoformat(moment) if moment else None)
