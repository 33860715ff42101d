"""Pages that a personal link opens: not stored, not told to other sites."""

from __future__ import annotations

import hashlib
import hmac
import re

from flask import Response, current_app, make_response, request

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
PLACES = ("/webinars/<int:webinar_id>/", "/registrations/<token>", "/speakers/<token>")
FORM, LARGEST_FORM = "application/x-www-form-urlencoded", 20_000


def private(answer: str | bytes, status: int = 200) -> Response:
    response = make_response(answer, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def token_read(read: str | None) -> str:
    """A personal token as it can be; anything else is empty and opens nothing."""
    return read if read and TOKEN.fullmatch(read) else ""


def token_sent() -> str:
    """What looks like a personal token in a request for a page of a webinar, its forms too; empty
    where there is none. Nobody looked it up. Files and large forms are not read for it."""
    rule = request.url_rule
    if rule is None or not rule.rule.startswith(PLACES):
        return ""
    given = (request.view_args or {}).get("token") or request.args.get("t")
    is_small = 0 < (request.content_length or 0) <= LARGEST_FORM
    if not given and is_small and request.mimetype == FORM:
        given = request.form.get("t")
    return token_read(given)


def source() -> str:
    """Where a request comes from, countable but not readable."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    address = (request.remote_addr or "").encode()
    return hmac.new(key, address, hashlib.sha256).hexdigest()[:32]
