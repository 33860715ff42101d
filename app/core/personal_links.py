"""Pages that a personal link opens: not stored, not told to other sites."""

from __future__ import annotations

import hashlib
import hmac
import re

from flask import Response, current_app, make_response, request

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def private(answer: str | bytes, status: int = 200) -> Response:
    response = make_response(answer, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def token_read(read: str | None) -> str:
    """A personal token as it can be; anything else is empty and opens nothing."""
    return read if read and TOKEN.fullmatch(read) else ""


def source() -> str:
    """Where a request comes from, countable but not readable."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    address = (request.remote_addr or "").encode()
    return hmac.new(key, address, hashlib.sha256).hexdigest()[:32]
