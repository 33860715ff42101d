"""Between two tests nobody asks the application anything, and the next one empties the database."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 60


class Door:
    """In front of the application. A browser that was closed may have sent something before."""

    def __init__(self, inside: WSGIApplication) -> None:
        self._inside = inside
        self._changed = threading.Condition()
        self._is_open, self._count = False, 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._enter():
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        try:
            answer = self._inside(environ, start_response)
        except BaseException:
            self._leave()
            raise
        return ClosingIterator(answer, self._leave)

    def open(self) -> None:
        with self._changed:
            self._is_open = True

    def shut(self) -> None:
        """Returns when the last one has left."""
        with self._changed:
            self._is_open = False
            assert self._changed.wait_for(lambda: not self._count, PATIENCE_SECONDS)

    def _enter(self) -> bool:
        with self._changed:
            self._count += self._is_open
            return self._is_open

    def _leave(self) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()
