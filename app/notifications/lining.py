"""What a person's page of notices says: lines gathered by conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.exceptions import NotFound

from app.accounts.models import User
from app.core.db import Words
from app.core.pagination import Page
from app.forum.byline import Byline, byline
from app.notifications.enums import NoticeKind
from app.notifications.models import Notice
from app.notifications.queries import count_of_notices, line_of_notice, lines_on_page

LINES_ON_A_PAGE = 50


@dataclass(frozen=True)
class TopicMark:
    """A topic as its badge shows it."""

    number: int
    colour: str
    names: Words


@dataclass(frozen=True)
class Line:
    """One notice. `author` None: withheld or gone. `number` is the post it leads to."""

    id: int
    kind: NoticeKind
    at: datetime
    is_read: bool
    count: int
    number: int | None
    thread_id: int | None
    title: str
    language: str
    topic: TopicMark | None
    subject: str
    conversation_id: int | None
    webinar_id: int | None
    reason: str  # what a steward gave as the reason
    author: Byline | None

    @property
    def place(self) -> tuple[str, int]:
        """What it is about: lines of one place stand together."""
        if self.thread_id is not None:
            return ("thread", self.thread_id)
        if self.webinar_id is not None:
            return ("webinar", self.webinar_id)
        return ("conversation", self.conversation_id or 0)


@dataclass(frozen=True)
class Place:
    """A thread, a webinar or a private conversation with its lines, the latest first."""

    lines: Sequence[Line]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def is_unread(self) -> bool:
        return any(not line.is_read for line in self.lines)


def places_for(person: User, number: int) -> Page:
    """A page of notices, the latest first, those about the same thing together."""
    pages = max(1, -(-count_of_notices(person) // LINES_ON_A_PAGE))
    number = min(number, pages)
    found = lines_on_page(person, LINES_ON_A_PAGE, (number - 1) * LINES_ON_A_PAGE)
    lines = [_line(row) for row in found]
    places: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        places.setdefault(line.place, []).append(line)
    return Page([Place(gathered) for gathered in places.values()], number, pages)


@dataclass(frozen=True)
class Target:
    """Where a notice leads: a conversation, a webinar, a post, or a whole thread."""

    thread_id: int | None
    number: int | None
    conversation_id: int | None
    webinar_id: int | None


def target_of(person: User, notice: Notice) -> Target:
    """Where the thing stands today, wherever it stood when the notice was written."""
    row = line_of_notice(person, notice.id)
    if row is None:
        raise NotFound
    line = _line(row)
    return Target(line.thread_id, line.number, line.conversation_id, line.webinar_id)


def _line(row: Any) -> Line:
    notice_id, kind, at, conversation_id, details, is_read, count, number = row[:8]
    thread_id, title, language, subject, webinar_id = row[8:13]
    return Line(
        notice_id,
        kind,
        at,
        bool(is_read),
        count,
        number,
        thread_id,
        title or "",
        language or "",
        TopicMark(*row[13:16]) if row[13] is not None else None,
        subject or "",
        conversation_id,
        webinar_id,
        str(details.get("reason", "")),
        byline(tuple(row[16:])),
    )
