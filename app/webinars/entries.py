"""Webinars as calendar entries, in the running language (see `itip`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.core.i18n import _, in_language
from app.core.links import absolute_url
from app.core.slugs import slugify
from app.webinars.access_card import access_words
from app.webinars.enums import Status
from app.webinars.hours import ACROSS_EUROPE, elsewhere
from app.webinars.itip import Entry
from app.webinars.models import Webinar

LONGEST_DESCRIPTION = 2000


def entry_of(
    webinar: Webinar,
    *,
    sequence: int,
    stamp: datetime,
    tzid: str | None = None,
    zones: Iterable[str] = ACROSS_EUROPE,
    siblings: tuple[str, ...] = (),
    remark: str = "",
) -> Entry:
    """The entry for a reader in `tzid` (default: the webinar's own zone), who also reads `remark`.

    `zones` are those of the people who take part: the hour is told in each.

    Raise ValueError for a webinar whose hour is not known: it has no place in a calendar.
    """
    if webinar.starts_at is None or webinar.ends_at is None:
        raise ValueError(f"webinar {webinar.id} has no hour")
    reader = tzid or webinar.tzid
    clocks = elsewhere(webinar.starts_at, reader, zones, since=stamp)
    return Entry(
        uid=webinar.uid,
        sequence=sequence,
        stamp=stamp,
        created=webinar.created_at,
        last_modified=webinar.updated_at,
        starts_at=webinar.starts_at,
        ends_at=webinar.ends_at,
        summary=_title(webinar),
        description=_description(webinar, clocks, remark),
        page_url=page_url(webinar),
        join_url=join_url(webinar),
        join_label=_("Join"),
        category=in_language(webinar.topic.names) if webinar.topic else None,
        is_cancelled=webinar.status in {Status.CANCELLED, Status.POSTPONED},
        siblings=siblings,
    )


def _title(webinar: Webinar) -> str:
    if webinar.status == Status.CANCELLED:
        return cancelled_title(webinar.title)
    if webinar.status == Status.POSTPONED:
        return _("Postponed: %(title)s", title=webinar.title)
    return webinar.title


def cancelled_title(title: str) -> str:
    return _("Cancelled: %(title)s", title=title)


def page_url(webinar: Webinar) -> str:
    return absolute_url("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title))


def join_url(webinar: Webinar) -> str:
    """The join page, the same for everybody: a personal link never leaves the mail."""
    return absolute_url("joins.show", webinar_id=webinar.id)


def _description(webinar: Webinar, clocks: str, remark: str) -> str:
    agenda = "\n".join(f"- {item.title}" for item in webinar.agenda)
    parts = [
        _("Join: %(address)s", address=join_url(webinar)) + "\n" + clocks,
        webinar.description[:LONGEST_DESCRIPTION],
        agenda,
        access_words(webinar),
        _("Your registration: %(address)s", address=page_url(webinar)),
        remark,
    ]
    return "\n\n".join(part for part in parts if part)
