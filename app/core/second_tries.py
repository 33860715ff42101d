"""A request that the database cut short is done once more, where nothing can happen twice."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from app.core.db import db
from app.core.troubles import Trouble

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_TRIES = 3
NOT_AFTER_SECONDS = 4.0  # who waited that long is told so, instead of waiting as long again
FIRST_PAUSE_SECONDS = 0.05
MOST_KEPT_BYTES = 1024 * 1024
LEFT, BEGAN = "interurban.tries_left", "interurban.began"


class TryAgain(BaseException):
    """Thrown past every handler, so that the whole request starts afresh."""


def try_again_if_safe(trouble: Trouble) -> None:
    """Raise TryAgain when the request can be done again without doing anything twice."""
    left = request.environ.get(LEFT, 0)
    in_time = time.monotonic() - request.environ.get(BEGAN, 0) < NOT_AFTER_SECONDS
    if left and in_time and trouble is not Trouble.AWAY and _nothing_was_kept(trouble):
        raise TryAgain


def _nothing_was_kept(trouble: Trouble) -> bool:
    if request.method in {"GET", "HEAD"}:
        return True
    fate = db.session.info
    return not fate.get("kept") and (trouble is Trouble.UNDONE or not fate.get("unsure"))


def is_unsure() -> bool:
    """The database went away while it was asked to keep a change: only a look tells."""
    return bool(db.session.info.get("unsure"))


def init_second_tries(app: Flask) -> None:
    app.wsgi_app = SecondTries(app.wsgi_app)  # type: ignore[method-assign]


class SecondTries:
    """Around the application: a new try has a new request, a new session, the same body."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[BEGAN] = time.monotonic()
        body = _kept_body(environ)
        for left in reversed(range(MOST_TRIES)):
            environ[LEFT] = left if body is not None else 0
            try:
                return self.app(environ, start_response)
            except TryAgain:
                time.sleep(FIRST_PAUSE_SECONDS * (MOST_TRIES - left) * random.random())  # noqa: S311
                if body:
                    body.rewind()
        raise AssertionError("the last try raises no TryAgain")


def _kept_body(environ: WSGIEnvironment) -> Body | None:
    """The body, in place so that it can be read again. None: it is too large to be kept."""
    length: str = environ.get("CONTENT_LENGTH") or "0"
    chunked = environ.get("wsgi.input_terminated") and "HTTP_TRANSFER_ENCODING" in environ
    if chunked or not length.isdecimal() or int(length) > MOST_KEPT_BYTES:
        return None
    body = Body(environ["wsgi.input"])
    if int(length):
        environ["wsgi.input"] = body
    return body


class Body(io.RawIOBase):
    """What was read from the client, and may be read again."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        chunk = bytes(self._kept[self._at : self._at + len(room)])
        if not chunk:
            chunk = self._stream.read(len(room))
            self._kept += chunk
        self._at += len(chunk)
        room[: len(chunk)] = chunk
        return len(chunk)

    def rewind(self) -> None:
        self._at = 0
