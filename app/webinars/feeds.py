"""Calendars to subscribe to, and the file of one webinar (spec/calendar 2.1, 2.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload, selectinload

from app.core.clock import utcnow
from app.core.db import db
from app.core.i18n import _, in_language
from app.topics.models import Topic
from app.webinars import itip
from app.webinars.entries import entry_of
from app.webinars.enums import Status
from app.webinars.models import Webinar
from app.webinars.queries import in_topic, webinars_visible_to

BACK = timedelta(days=90)
AHEAD = timedelta(days=548)
CANCELLED_STAY = timedelta(days=60)
MOST = 500
FEED_ZONE = "Europe/Brussels"


@dataclass(frozen=True)
class CalendarFile:
    """The bytes, their strong ETag, and when the newest thing in them changed."""

    content: bytes
    etag: str
    changed_at: datetime | None


def public_feed() -> CalendarFile:
    """What everybody may see."""
    return _feed(webinars_visible_to(None), _("Interurban: webinars"))


def topic_feed(topic: Topic) -> CalendarFile:
    """What everybody may see of one topic."""
    name = _("Interurban: %(topic)s", topic=in_language(topic.names))
    return _feed(in_topic(webinars_visible_to(None), topic), name)


def download(webinar: Webinar) -> CalendarFile:
    """One webinar as a file. It has no METHOD: Outlook refuses a REQUEST it was not sent."""
    return _file(itip.download(_entry(webinar)), [webinar])


def _feed(visible: Select[Webinar], name: str) -> CalendarFile:
    shown = list(db.session.scalars(_in_window(visible, utcnow())))
    return _file(itip.feed([_entry(webinar) for webinar in shown], name, FEED_ZONE), shown)


def _entry(webinar: Webinar) -> itip.Entry:
    """DTSTAMP is the last change, not now: the file stays the same until something changes."""
    return entry_of(webinar, sequence=webinar.sequence, stamp=webinar.updated_at)


def _file(content: bytes, webinars: Sequence[Webinar]) -> CalendarFile:
    changed_at = max((webinar.updated_at for webinar in webinars), default=None)
    return CalendarFile(content, hashlib.sha256(content).hexdigest()[:32], changed_at)


def _in_window(visible: Select[Webinar], now: datetime) -> Select[Webinar]:
    return (
        visible.where(
            Webinar.status != Status.DRAFT,
            Webinar.starts_at.between(now - BACK, now + AHEAD),
            or_(
                Webinar.status.not_in([Status.CANCELLED, Status.POSTPONED]),
                Webinar.cancelled_at > now - CANCELLED_STAY,
            ),
        )
        .options(joinedload(Webinar.topic), selectinload(Webinar.agenda))
        .order_by(Webinar.starts_at, Webinar.id)
        .limit(MOST)
    )
