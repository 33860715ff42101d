"""Where a question of the audience stands."""

from __future__ import annotations

from enum import StrEnum


class QuestionState(StrEnum):
    WAITING = "waiting"  # a moderator has not let it through yet
    OPEN = "open"
    ANSWERED = "answered"
    DISMISSED = "dismissed"  # not shown; its asker is told why
    MERGED = "merged"  # its votes went to another
    WITHDRAWN = "withdrawn"  # by its asker


class Source(StrEnum):
    """Where it was asked."""

    PAGE = "page"
    LIVE = "live"
    THREAD = "thread"
