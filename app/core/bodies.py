"""What may be sent with a request before anybody reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app.core.extensions import csrf

P = ParamSpec("P")
R = TypeVar("R")

MOST_BYTES_WITH_FILES = 64 * 1024 * 1024
TAKES_FILES = "takes_files"


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """The form of this view may carry files, each held to its own limit by `app.files`."""
    setattr(view, TAKES_FILES, True)
    return view


def checks_token_itself(view: Callable[P, R]) -> Callable[P, R]:
    """The view refuses a stale form with everything typed still in it, before it writes."""
    return cast(Callable[P, R], csrf.exempt(view))


def make_room_for_files() -> None:
    """Before anybody reads the body: what was read too early is refused by the smaller limit."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.mimetype == "multipart/form-data" and getattr(view, TAKES_FILES, False):
        request.max_content_length = MOST_BYTES_WITH_FILES


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
    app.before_request(make_room_for_files)
    app.before_request(refuse_large_forms)
    app.before_request(refuse_odd_json)
