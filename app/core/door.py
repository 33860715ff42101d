"""SQLite lets one write at a time. Who has much to write leaves time to others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

SOMEBODY_SECONDS = 0.001  # a door that nobody holds opens in a twentieth of it
BREATH, LONGEST_PAUSE = 0.004, 0.25  # whoever waits tries every two thousandths (`core.db`)


class Door:
    """How long somebody waited to write, and how long they then kept others from it, in seconds.

    With PostgreSQL both stay 0.
    """

    def __init__(self) -> None:
        self.waited = self.kept = 0.0
        self._entered: float | None = None

    def enter(self, came: float) -> None:
        self._entered = time.monotonic()
        self.waited += self._entered - came

    def leave(self) -> None:
        if self._entered is not None:
            self.kept += time.monotonic() - self._entered
        self._entered = None

    def pause(self) -> float:
        """A breath, in which the first of the others comes in. Twice as long as they could not
        write where somebody was met at the door: most of them wait for a page.
        """
        if self.waited > SOMEBODY_SECONDS:
            return min(2 * self.kept, LONGEST_PAUSE)
        return BREATH if self.kept else 0.0


_watched: ContextVar[Door | None] = ContextVar("door", default=None)


@contextmanager
def watched_door() -> Iterator[Door]:
    """Count what this thread writes inside of it."""
    door = Door()
    token = _watched.set(door)
    try:
        yield door
    finally:
        _watched.reset(token)


def entered(came: float) -> None:
    """Somebody who came then, by the monotonic clock, may write now."""
    door = _watched.get()
    if door:
        door.enter(came)


def left() -> None:
    door = _watched.get()
    if door:
        door.leave()
