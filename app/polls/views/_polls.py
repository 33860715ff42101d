"""The webinar and its poll that an address names."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import member, viewer
from app.core.db import db, first_or_404
from app.core.permissions import require
from app.polls.queries import one_poll
from app.webinars.permissions import can_manage
from app.webinars.queries import one_template, one_webinar

BACK = {"join": "joins.show", "desk": "questions.moderate"}
"""Pages with the buttons that open and close polls, by what their forms say."""


def managed(webinar_id: int) -> Any:
    """Templates too: polls are copied from them."""
    template = db.session.scalars(one_template(member(), webinar_id)).first()
    if template is not None and can_manage(member(), template):
        return template
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar


def managed_poll(webinar_id: int, poll_id: int) -> tuple[Any, Any]:
    webinar = managed(webinar_id)
    return webinar, first_or_404(one_poll(webinar_id, poll_id))


def back(webinar_id: int, poll_id: int) -> Response:
    """Where the button was pressed."""
    endpoint = BACK.get(request.form.get("back", ""), "quick_polls.index")
    return redirect(url_for(endpoint, webinar_id=webinar_id, _anchor=f"poll-{poll_id}"))
