"""One click puts what is known into a section."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.notes import inserting
from app.notes.views._page import note_to_write, note_url

bp = Blueprint("insertions", __name__, url_prefix="/webinars/<int:webinar_id>/notes/<int:note_id>")


@bp.post("/insert/<what>")
@login_needed
def create(webinar_id: int, note_id: int, what: str) -> Response:
    _note_set, note = note_to_write(webinar_id, note_id)
    if what not in inserting.KINDS:
        abort(404)
    try:
        with write():
            inserting.insert(note, what, member())
    except DomainError as error:
        flash(error.message)
    else:
        flash(_("Inserted at the end of the section. You can change it like any other text."))
    return redirect(note_url(note))
