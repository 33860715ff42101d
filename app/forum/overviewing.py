""" "Where this stands": one short text on top of a thread, kept up to date by all who take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.core.clock import utcnow
from app.core.db import db
from app.forum.byline import Byline, author_columns, byline, with_author
from app.forum.comparing import Piece, compare
from app.forum.errors import OverviewConflict
from app.forum.models import Thread, ThreadOverview
from app.forum.posting import Text, lock_row
from app.forum.queries import thread_is_visible
from app.forum.signals import overview_updated
from app.forum.standing import usual_speaker

OFFERED_FROM = 20  # posts (spec/forum 5.2)


@dataclass(frozen=True)
class Version:
    """One text with what it changed. `author` None: withheld or gone."""

    revision: int
    body: str
    language: str
    created_at: datetime
    author: Byline | None
    pieces: list[Piece]


def is_offered(thread: Thread) -> bool:
    """Whether the page asks for one: long threads and solved questions are worth it."""
    if thread.overview_revision:
        return False
    return thread.reply_count + 1 >= OFFERED_FROM or thread.accepted_number is not None


def overview_of(thread: Thread) -> ThreadOverview | None:
    """What stands there now. The caller has seen to it that the thread is the viewer's to read."""
    found = select(ThreadOverview).where(
        ThreadOverview.thread_id == thread.id, ThreadOverview.revision == thread.overview_revision
    )
    return db.session.scalars(found).first()


def save_overview(thread: Thread, editor: User, text: Text, based_on: int) -> bool:
    """Write where it stands anew; return whether anything changed.

    `based_on` is the revision the editor started from, 0 for none. Raise OverviewConflict when
    somebody else was faster.
    """
    thread = lock_row(thread.id)
    if thread.overview_revision != based_on:
        raise OverviewConflict
    now = overview_of(thread)
    if now is not None and (now.body, now.language) == (text.body, text.language):
        return False
    seat = usual_speaker(editor).seat
    db.session.add(
        ThreadOverview(
            thread_id=thread.id,
            revision=based_on + 1,
            body=text.body,
            html=text.rendered.html,
            renderer=text.rendered.version,
            language=text.language,
            author_id=editor.id,
            seat_id=seat.id if seat else None,
            created_at=utcnow(),
        )
    )
    thread.overview_revision = based_on + 1
    thread.revision += 1
    db.session.flush()
    overview_updated.send(thread)
    return True


def versions_of(viewer: User | None, thread_id: int) -> list[Version]:
    """All texts, the latest first, each with what changed since the one before."""
    table = ThreadOverview
    statement = (
        select(table.revision, table.body, table.language, table.created_at, *author_columns())
        .select_from(table)
        .join(Thread, Thread.id == table.thread_id)
        .join(Thread.topic)
        .where(table.thread_id == thread_id, thread_is_visible(viewer))
        .order_by(table.revision)
    )
    rows = db.session.execute(with_author(statement, viewer, table.author_id, table.seat_id)).all()
    bodies = ["", *(row.body for row in rows)]
    return [_version(row, before) for row, before in zip(rows, bodies, strict=False)][::-1]


def _version(row: Sequence[Any], before: str) -> Version:
    revision, body, language, created_at, *author = row
    pieces = compare(before, body)
    return Version(revision, body, language, created_at, byline(tuple(author)), pieces)
