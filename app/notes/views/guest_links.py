"""A link to give away: it opens the public part of a summary for who has no account."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.accounts.login import login_needed, member, viewer
from app.core import audit
from app.core.db import first_or_404, write
from app.core.permissions import require
from app.core.personal_links import private
from app.notes import guest_links
from app.notes.downloading import form_words
from app.notes.permissions import can_publish_notes
from app.notes.queries import one_summary
from app.notes.views._page import webinar_or_404

bp = Blueprint("guest_links", __name__)


@bp.post("/webinars/<int:webinar_id>/summary/guest-link")
@login_needed
def create(webinar_id: int) -> Response:
    """Nothing is kept of it but who made one, and when."""
    webinar = webinar_or_404(webinar_id)
    require(can_publish_notes(viewer(), webinar))
    first_or_404(one_summary(viewer(), webinar_id))
    with write():
        audit.record(member().id, "notes.guest_link", f"webinar:{webinar_id}")
    page = render_template(
        "notes/guest_link.html",
        webinar=webinar,
        address=guest_links.guest_url(webinar),
        pdf=guest_links.guest_url(webinar, "pdf"),
        form=form_words("pdf"),
        ends_on=guest_links.ends_on(),
    )
    return private(page)
