"""Not asking for a while what just failed to answer."""

from __future__ import annotations

import logging
import threading
import time

REST_SECONDS = 3.0

log = logging.getLogger("interurban.breaker")


class Breaker:
    """After an error nobody asks for a few seconds; then one asks, and the others wait for it."""

    def __init__(self, name: str, rest_seconds: float = REST_SECONDS) -> None:
        self.name, self.rest_seconds = name, rest_seconds
        self.errors = self.skipped = 0
        self._lock = threading.Lock()
        self._rests_until: float | None = None

    @property
    def is_resting(self) -> bool:
        return self._rests_until is not None

    def may_ask(self) -> bool:
        if self._rests_until is None:
            return True
        with self._lock:
            now = time.monotonic()
            if self._rests_until is None or now >= self._rests_until:
                self._rests_until = now + self.rest_seconds  # the others go on waiting
                return True
            self.skipped += 1
            return False

    def answered(self) -> None:
        if self._rests_until is None:
            return
        with self._lock:
            self._rests_until = None
        log.warning("%s answers again", self.name)

    def failed(self, error: Exception) -> None:
        with self._lock:
            first = self._rests_until is None
            self._rests_until = time.monotonic() + self.rest_seconds
            self.errors += 1
        if first:
            log.warning("%s does not answer (%s): going on without", self.name, _short(error))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
