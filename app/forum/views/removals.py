"""Taking one's own words back, and bringing them back within a day."""

from __future__ import annotations

from flask import Blueprint, flash, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404
from app.core.i18n import _
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.forum import deleting, limits
from app.forum.permissions import is_own
from app.forum.queries import one_post_to_care_for, removed_threads_of
from app.forum.views._acts import attempt
from app.forum.views._page import shown_or_404, thread_address, to_post

bp = Blueprint("removals", __name__)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/delete")
@login_needed
def create(thread_id: int, number: int) -> Response:
    """Remove one's own post; with the opening post goes the whole thread."""
    shown = shown_or_404(thread_id)
    topic = url_for("topics.show", slug=shown.thread.topic.slug)

    def delete() -> None:
        post = first_or_404(one_post_to_care_for(member(), thread_id, number))
        require(is_own(viewer(), post))
        limits.check_deletion(member())
        if number == 1:
            deleting.delete_thread(post.thread)
        else:
            deleting.delete_post(post, member())

    if not attempt(delete):
        return to_post(shown_or_404(thread_id), number)
    if number == 1:
        words = _("The thread is removed. You can bring it back within 24 hours.")
        flash_with_undo(words, url_for("removals.restore_thread", thread_id=thread_id))
        return redirect(topic)
    words = _("Your text is removed. You can bring it back within 24 hours.")
    undo = url_for("removals.restore", thread_id=thread_id, number=number)
    flash_with_undo(words, undo)
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/restore")
@login_needed
def restore(thread_id: int, number: int) -> Response:
    def bring_back() -> None:
        post = first_or_404(one_post_to_care_for(member(), thread_id, number))
        require(is_own(viewer(), post))
        deleting.restore_post(post)

    if attempt(bring_back):
        flash(_("Your text is back."), "ok")
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/restore")
@login_needed
def restore_thread(thread_id: int) -> Response:
    def bring_back() -> None:
        deleting.restore_thread(first_or_404(removed_threads_of(member(), thread_id)))

    if not attempt(bring_back):
        return redirect(url_for("drafts.index"))
    flash(_("The thread is back."), "ok")
    return redirect(thread_address(shown_or_404(thread_id)))
