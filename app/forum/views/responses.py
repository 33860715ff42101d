"""Helpful, Same in our city, We will try this."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core.db import first_or_404
from app.core.permissions import require
from app.forum import limits, responding
from app.forum.enums import ResponseKind
from app.forum.queries import one_post
from app.forum.views._acts import attempt
from app.forum.views._page import shown_or_404, to_post

bp = Blueprint("responses", __name__)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/responses")
@login_needed
def toggle(thread_id: int, number: int) -> Response:
    """Say it, or take it back when it was said before. Taking back costs nothing."""
    if request.form.get("kind") not in list(ResponseKind):
        raise BadRequest
    kind = ResponseKind(request.form["kind"])

    def respond() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(may_take_part(viewer()))
        if responding.toggle(post, member(), kind):
            limits.check_response(member(), post.thread.topic)

    attempt(respond)
    return to_post(shown_or_404(thread_id), number)
