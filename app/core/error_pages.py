"""Error pages in the site's look: what happened, what to do next."""

from __future__ import annotations

import uuid

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.db import db

SHOWN = {400, 403, 404, 405, 409, 410, 413, 422, 429, 503}


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(Exception, show_bug)


def show_http_error(error: HTTPException) -> Response | tuple[str, int] | HTTPException:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    template = f"errors/{code if code in SHOWN else 400 if code < 500 else 500}.html"
    return render_template(template, error=error), code


def show_stale_form(error: CSRFError) -> tuple[str, int]:
    """A form that is too old or came from elsewhere; what was typed is shown to be copied."""
    typed = [
        value for name, value in request.form.items() if name != "csrf_token" and len(value) > 20
    ]
    return render_template("errors/stale_form.html", error=error, typed=typed), 400


def show_bug(error: Exception) -> tuple[str, int]:
    """Never a stack trace to the reader: a number that leads to it in the log."""
    reference = uuid.uuid4().hex[:8]
    current_app.logger.error(
        "error %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    db.session.rollback()
    return render_template("errors/500.html", error=InternalServerError(), reference=reference), 500
