"""The accepted answer of a question."""

from __future__ import annotations

from flask import Blueprint, flash
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404
from app.core.i18n import _
from app.core.permissions import require
from app.forum import accepting
from app.forum.curating.holding import hold_thread_of
from app.forum.permissions import can_lead_question
from app.forum.queries import one_post
from app.forum.views._acts import attempt
from app.forum.views._page import shown_or_404, to_post

bp = Blueprint("acceptances", __name__)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/accept")
@login_needed
def create(thread_id: int, number: int) -> Response:
    def accept() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        hold_thread_of(post)  # it may go into a question of somebody else while we wait
        require(can_lead_question(viewer(), post.thread))
        accepting.accept(post, member())

    if attempt(accept):
        flash(_("Accepted. The question is marked as solved."), "ok")
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/unaccept")
@login_needed
def remove(thread_id: int, number: int) -> Response:
    def unaccept() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        hold_thread_of(post)  # it may go into a question of somebody else while we wait
        require(can_lead_question(viewer(), post.thread))
        accepting.unaccept(post, member())

    if attempt(unaccept):
        flash(_("This is no longer the accepted answer. The question is open again."), "ok")
    return to_post(shown_or_404(thread_id), number)
