"""What ends the mails about summaries of topics one follows, without signing in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template

from app.core.bodies import checks_token_itself
from app.core.db import write
from app.core.personal_links import private
from app.core.tokens import LinkUnknown
from app.notes import telling_followers

bp = Blueprint("summary_mails", __name__, url_prefix="/summary-mails/<token>")


@bp.get("")
def show(token: str) -> Response:
    """Mail scanners follow links: only the button ends the mails."""
    return _page(token)


@bp.post("")
@checks_token_itself
def stop(token: str) -> Response:
    """From the page, or from a mail program that has no session: the link is the proof (RFC 8058).

    Never a redirect, which mail programs do not follow.
    """
    with write():
        telling_followers.stop(_reader(token))
    return _page(token)


@bp.post("/resume")
def resume(token: str) -> Response:
    with write():
        telling_followers.resume(_reader(token))
    return _page(token)


def _page(token: str) -> Response:
    is_wanted = _reader(token).wants_summary_mails
    return private(render_template("notes/summary_mails.html", is_wanted=is_wanted, token=token))


def _reader(token: str) -> Any:
    try:
        return telling_followers.reader_stopping(token)
    except LinkUnknown:
        abort(404)
