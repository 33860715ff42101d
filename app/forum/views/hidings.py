"""Hiding a post for a reason, and bringing it back."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import first_or_404, write
from app.core.i18n import _
from app.forum.curating.hiding import hidden_posts, hide, unhide
from app.forum.curating.holding import hold_post_for
from app.forum.queries import one_post
from app.forum.views._curating import back_to, form_page, said, shown_to_curate
from app.forum.views._curating_forms import HideForm

bp = Blueprint("hidings", __name__)


@bp.get("/threads/<int:thread_id>/hidden")
@login_needed
def index(thread_id: int) -> tuple[str, int]:
    """The texts of hidden posts, for those who look after the thread."""
    shown = shown_to_curate(thread_id)
    return form_page("hidden", shown, posts=hidden_posts(member(), shown.thread))


@bp.route("/threads/<int:thread_id>/posts/<int:number>/hide", methods=["GET", "POST"])
@login_needed
def create(thread_id: int, number: int) -> Response | tuple[str, int]:
    shown, form = shown_to_curate(thread_id), HideForm()
    if not form.validate_on_submit():
        post = first_or_404(one_post(member(), thread_id, number))
        status = 422 if request.method == "POST" else 200
        return form_page("hide", shown, status, form=form, post=post)
    with write():
        post = hold_post_for(member(), thread_id, number)
        changed = hide(post, member(), form.reason.data)
    said(
        changed,
        _("The post is hidden. Its author is told why."),
        url_for("hidings.delete", thread_id=thread_id, number=number),
        _("The post was hidden already."),
    )
    return back_to(thread_id, number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/unhide")
@login_needed
def delete(thread_id: int, number: int) -> Response:
    with write():
        post = hold_post_for(member(), thread_id, number)
        reason = post.hidden_reason
        changed = unhide(post, member())
    said(
        changed,
        _("The post can be read again."),
        url_for("hidings.create", thread_id=thread_id, number=number),
        _("The post was not hidden."),
        reason=reason,
    )
    return back_to(thread_id, number)
