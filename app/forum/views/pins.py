"""Keeping a thread on top of its topic, and letting it go."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.i18n import _
from app.forum.curating.holding import hold_for
from app.forum.curating.locking import set_pinned
from app.forum.views._curating import back_to, said

bp = Blueprint("pins", __name__)


@bp.post("/threads/<int:thread_id>/pin")
@login_needed
def create(thread_id: int) -> Response:
    with write():
        changed = set_pinned(hold_for(member(), thread_id), member(), pinned=True)
    said(
        changed,
        _("The thread stays on top of its topic now."),
        url_for("pins.delete", thread_id=thread_id),
        _("The thread was on top already."),
    )
    return back_to(thread_id)


@bp.post("/threads/<int:thread_id>/unpin")
@login_needed
def delete(thread_id: int) -> Response:
    with write():
        changed = set_pinned(hold_for(member(), thread_id), member(), pinned=False)
    said(
        changed,
        _("The thread takes its place among the others again."),
        url_for("pins.create", thread_id=thread_id),
        _("The thread was not on top."),
    )
    return back_to(thread_id)
