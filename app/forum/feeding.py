"""What stands in the feeds of threads: by the same visibility and bylines as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import User
from app.forum.byline import Byline
from app.forum.models import Thread
from app.forum.showing_posts import PostRow, posts_between

POSTS_IN_A_FEED = 30


@dataclass(frozen=True)
class FedPost:
    """A post in the feed of its thread. `author` None: withheld or gone."""

    number: int
    html: str
    language: str
    author: Byline | None
    published: datetime
    updated: datetime


def latest_posts(reader: User | None, thread: Thread) -> Sequence[FedPost]:
    """The latest readable posts of a thread this reader sees, the newest first."""
    first = max(1, thread.last_number - POSTS_IN_A_FEED + 1)
    rows = posts_between(reader, thread.id, first, thread.last_number)
    return [_fed(row) for row in reversed(rows) if not row.is_removed]


def _fed(row: PostRow) -> FedPost:
    updated = row.edited_at or row.created_at
    return FedPost(row.number, row.html, row.language, row.author, row.created_at, updated)
