"""Where a quick poll stands, and who sees its numbers."""

from __future__ import annotations

from enum import StrEnum


class PollState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ResultsShown(StrEnum):
    """To the audience; organisers see the numbers from the opening on."""

    VOTED = "voted"  # to whoever voted, at once
    CLOSED = "closed"  # to everybody, once it is closed
    NEVER = "never"
