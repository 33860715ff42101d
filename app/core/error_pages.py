"""Error pages in the site's look: what happened, what to do next."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import Flask, Response, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.core.db import db
from app.core.i18n import language_of_browser
from app.core.rate_limit import AllowanceSpent
from app.core.second_tries import is_unsure, try_again_if_safe
from app.core.tally import request_id
from app.core.troubles import trouble_of

RETRY_SECONDS = "5"
SHORT = 20  # characters; quickly typed again
NOT_SHOWN = {"csrf_token", "password", "current", "based_on", "next"}
SHOWN = {400, 403, 404, 405, 409, 410, 413, 422, 429, 503}


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(AllowanceSpent, show_wait)
    app.register_error_handler(SQLAlchemyError, show_database_error)
    app.register_error_handler(Exception, show_bug)


def show_http_error(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    original = getattr(error, "original_exception", None)
    if isinstance(original, SQLAlchemyError):  # while another error's page was made
        return show_database_error(original)
    if code >= 500:
        return _without_database("503" if code == 503 else "500"), code
    return render_template(f"errors/{code if code in SHOWN else 400}.html", error=error), code


def show_stale_form(error: CSRFError) -> tuple[str, int]:
    """A form that is too old or came from elsewhere; what was typed is shown to be copied."""
    return render_template("errors/stale_form.html", error=error, typed=_typed()), 400


def show_wait(error: AllowanceSpent) -> Response:
    """Too often: when it goes on, in words and for machines; what was typed is shown."""
    page = render_template("errors/429.html", says=error.message, typed=_typed())
    return Response(page, error.status, {"Retry-After": str(error.seconds)})


def _typed() -> list[str]:
    """What took somebody time to write; no passwords, nothing that a page filled in itself."""
    with suppress(HTTPException):  # a form that cannot be read has nothing to show
        fields = request.form.items()
        return [value for name, value in fields if len(value) > SHORT and name not in NOT_SHOWN]
    return []


def show_database_error(error: SQLAlchemyError) -> Response | tuple[str, int]:
    """Done again where that is safe; else: back in a moment, and what was typed."""
    trouble = trouble_of(error)
    if trouble is None:
        return show_bug(error)
    try_again_if_safe(trouble)
    current_app.logger.warning("%s: %s at %s", type(error).__name__, trouble.value, _route())
    page = _without_database("503", unsure=is_unsure(), typed=_typed())
    return Response(page, 503, {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})


def show_bug(error: Exception) -> tuple[str, int]:
    """Never a stack trace to the reader: a number that leads to it in the log."""
    reference = request_id() or uuid.uuid4().hex[:8]
    current_app.logger.error("error %s at %s", reference, _route(), exc_info=error)
    with suppress(SQLAlchemyError):
        db.session.rollback()
    return _without_database("500", reference=reference), 500


def _route() -> str:
    """The pattern, not the path: tokens stand in paths."""
    return f"{request.method} {request.url_rule or 'unknown'}"


def _without_database(name: str, **values: object) -> str:
    """A page that asks for no account, and so works when the database does not."""
    g.setdefault("locale", language_of_browser())
    return current_app.jinja_env.get_template(f"errors/{name}.html").render(**values)
