"""What a form answers that was sent after the session ended, or with an earlier token."""

from __future__ import annotations

from flask import jsonify, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import lazy_


class SessionEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("You are signed out. Sign in in another tab, then come back here and save.")
        )


class StalePage(DomainError):
    def __init__(self) -> None:
        super().__init__(
            lazy_("This page had been open for a long time. Nothing is lost: save once more.")
        )


def is_stale(form: Form) -> bool:
    """Whether the page is older than its token; the form comes back with a fresh one."""
    token = form._fields.get("csrf_token")
    if token is None or token.validate(form):
        return False
    token.errors = []
    form.blame(StalePage())
    return True


def stale_answer(form: Form) -> tuple[Response, int]:
    """For a script, which saves once more with the fresh token."""
    return jsonify(token=generate_csrf(), said=str(StalePage().message)), 422


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
