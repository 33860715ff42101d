"""What may be sent with a request before anybody reads it."""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge


def refuse_odd_json() -> None:
    """Pages here and in packages read JSON as named values; anything else is no request."""
    has_body = request.method not in {"GET", "HEAD", "OPTIONS"}
    if has_body and request.is_json and not isinstance(request.get_json(), dict):
        raise BadRequest


def refuse_large_forms() -> None:
    """Werkzeug holds only forms with files to the limit of what is kept in memory."""
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    if is_form and (request.content_length or 0) > current_app.config["MAX_FORM_MEMORY_SIZE"]:
        raise RequestEntityTooLarge


def init_bodies(app: Flask) -> None:
    app.before_request(refuse_large_forms)
    app.before_request(refuse_odd_json)
