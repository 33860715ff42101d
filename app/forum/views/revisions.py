"""Older texts of a post: hiding them, showing them again, forgetting them for good."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import is_admin
from app.core.db import first_or_404
from app.core.i18n import _
from app.core.permissions import require
from app.forum import recalling
from app.forum.permissions import is_own, rights_in_thread
from app.forum.queries import one_post
from app.forum.views._acts import attempt

bp = Blueprint("revisions", __name__)
PATH = "/threads/<int:thread_id>/posts/<int:number>/revisions/<int:revision>"


@bp.post(f"{PATH}/hide")
@login_needed
def hide(thread_id: int, number: int, revision: int) -> Response:
    """Stewards hide any; an author one of their own, for half an hour."""

    def act() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        is_steward = rights_in_thread(viewer(), post.thread).is_steward
        require(is_steward or is_own(viewer(), post))
        if is_steward:
            recalling.hide(post, revision, member())
        else:
            recalling.hide_own(post, revision, member())

    if attempt(act):
        flash(_("The older version is hidden."), "ok")
    return _to_history(thread_id, number)


@bp.post(f"{PATH}/unhide")
@login_needed
def unhide(thread_id: int, number: int, revision: int) -> Response:
    def act() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(rights_in_thread(viewer(), post.thread).is_steward)
        recalling.unhide(post, revision, member())

    if attempt(act):
        flash(_("The older version can be read again."), "ok")
    return _to_history(thread_id, number)


@bp.post(f"{PATH}/erase")
@login_needed
def erase(thread_id: int, number: int, revision: int) -> Response:
    def act() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(is_admin(viewer()))
        recalling.erase(post, revision, member())

    if attempt(act):
        flash(_("The older version is gone for good."), "ok")
    return _to_history(thread_id, number)


def _to_history(thread_id: int, number: int) -> Response:
    return redirect(url_for("edits.history", thread_id=thread_id, number=number))
