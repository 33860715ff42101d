"""Locking a thread, and opening it again."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.i18n import _
from app.forum.curating.holding import hold_for
from app.forum.curating.locking import set_locked
from app.forum.views._curating import back_to, said

bp = Blueprint("locks", __name__)


@bp.post("/threads/<int:thread_id>/lock")
@login_needed
def create(thread_id: int) -> Response:
    with write():
        changed = set_locked(hold_for(member(), thread_id), member(), locked=True)
    said(
        changed,
        _("The thread is locked. Everybody can read it, nobody can add to it."),
        url_for("locks.delete", thread_id=thread_id),
        _("The thread was locked already."),
    )
    return back_to(thread_id)


@bp.post("/threads/<int:thread_id>/unlock")
@login_needed
def delete(thread_id: int) -> Response:
    with write():
        changed = set_locked(hold_for(member(), thread_id), member(), locked=False)
    said(
        changed,
        _("The thread is open to replies again."),
        url_for("locks.create", thread_id=thread_id),
        _("The thread was open already."),
    )
    return back_to(thread_id)
