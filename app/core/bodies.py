"""What may be sent with a request before anybody reads it."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import BadRequest


def refuse_odd_json() -> None:
    """Pages here and in packages read JSON as named values; anything else is no request."""
    has_body = request.method not in {"GET", "HEAD", "OPTIONS"}
    if has_body and request.is_json and not isinstance(request.get_json(), dict):
        raise BadRequest


def init_bodies(app: Flask) -> None:
    app.before_request(refuse_odd_json)
