"""The working notes of a webinar."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.notes import publishing, writing
from app.notes.forms import GlanceForm
from app.notes.glancing import summary_glance
from app.notes.permissions import can_read_notes, can_write_notes
from app.notes.queries import notes_of_webinar
from app.notes.views._page import MOST_ID, notes_to_write, notes_url, show_notes, webinar_or_404
from app.notes.views._review import proposer_here, show_review

bp = Blueprint("notes", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/webinars/<int:webinar_id>/notes")
def show(webinar_id: int) -> Answer:
    """Whoever follows a mail and is signed out is asked to sign in, whatever there is."""
    glance = summary_glance(viewer(), webinar_id) if webinar_id < MOST_ID else None
    if glance is not None and not glance.reads_notes:
        return redirect(url_for("summaries.show", webinar_id=webinar_id))
    return _working_notes(webinar_id)


@login_needed
def _working_notes(webinar_id: int) -> Answer:
    """The page to write on, the draft in review, or the button that begins them."""
    webinar = webinar_or_404(webinar_id)
    note_set = db.session.scalars(notes_of_webinar(webinar)).first()
    if note_set is not None and can_write_notes(viewer(), webinar):
        return show_notes(note_set)
    if note_set is not None and can_read_notes(viewer(), note_set):
        return show_review(note_set, proposer_here(note_set))
    require(note_set is None and can_write_notes(viewer(), webinar))
    return render_template("notes/start.html", webinar=webinar)


@bp.post("/webinars/<int:webinar_id>/notes")
@login_needed
def create(webinar_id: int) -> Answer:
    """Open the notes, or add the agenda items that came later."""
    webinar = webinar_or_404(webinar_id)
    require(can_write_notes(viewer(), webinar))
    with write():
        writing.open_notes(webinar, member())
    return redirect(url_for("notes.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/notes/at-a-glance")
@login_needed
def summarise(webinar_id: int) -> Answer:
    note_set = notes_to_write(webinar_id)
    form = GlanceForm()
    if not form.validate_on_submit():
        return show_notes(note_set, glance_form=form), 422
    try:
        with write():
            publishing.summarise(note_set, form.at_a_glance.data, form.lock_version.data)
    except DomainError as error:
        form.blame(error)
        form.lock_version.data = note_set.lock_version
        return show_notes(note_set, glance_form=form), 409
    flash(_("Saved."))
    return redirect(notes_url(note_set))
