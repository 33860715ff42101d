"""Why an installation was not moved: one line for the person at the terminal."""

from __future__ import annotations

LONGEST = 300


class NotMoved(Exception):
    """Nothing of the move stays: the old database is as it was, the new one as empty."""


def one_line(error: Exception, place: str = "") -> str:
    """What a driver said, without the statement and what hangs on it."""
    cause = getattr(error, "orig", None) or error
    context = getattr(getattr(cause, "diag", None), "context", None) or ""
    words = [place, *str(cause).strip().splitlines()[:1], *context.splitlines()[:1]]
    return ": ".join(word for word in words if word)[:LONGEST]
