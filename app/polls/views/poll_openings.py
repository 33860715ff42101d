"""Opening and closing a quick poll, by one press."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.polls import opening
from app.polls.views._polls import back, managed_poll

bp = Blueprint("poll_openings", __name__)


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/open")
@login_needed
def create(webinar_id: int, poll_id: int) -> Response:
    """Open it, or open it again; with "alone" all others close."""
    webinar, poll = managed_poll(webinar_id, poll_id)
    try:
        with write():
            opening.open_poll(poll, webinar, member(), alone="alone" in request.form)
    except DomainError as error:
        flash(error.message, "error")
    return back(webinar_id, poll_id)


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/close")
@login_needed
def end(webinar_id: int, poll_id: int) -> Response:
    _webinar, poll = managed_poll(webinar_id, poll_id)
    with write():
        opening.close_poll(poll, member())
    return back(webinar_id, poll_id)
