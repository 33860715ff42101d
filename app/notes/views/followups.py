"""From a summary to a conversation about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.notes import following_up
from app.notes.permissions import can_publish_notes
from app.notes.queries import one_summary
from app.notes.views._page import webinar_or_404
from app.topics.permissions import can_start_thread

bp = Blueprint("followups", __name__)


@bp.post("/webinars/<int:webinar_id>/summary/follow-up")
@login_needed
def create(webinar_id: int) -> Response:
    """Fill in the form of a new thread and go there; posting is up to whoever reads it."""
    webinar = webinar_or_404(webinar_id)
    require(can_publish_notes(viewer(), webinar))
    require(webinar.topic is None or can_start_thread(viewer(), webinar.topic))
    version = first_or_404(one_summary(viewer(), webinar_id))
    try:
        with write():
            following_up.prepare(version, member())
    except DomainError as error:
        flash(error.message)
        return redirect(url_for("summaries.show", webinar_id=webinar_id))
    flash(_("Nothing is posted yet. Read it, change what you like, then post it."))
    return redirect(url_for("threads.new"))
