"""What changed between two versions of a summary, for those who write it; and taking it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.notes import unpublishing
from app.notes.contents import versions_of
from app.notes.documents.blocks import from_json
from app.notes.forms import UnpublishForm
from app.notes.permissions import can_unpublish_notes
from app.notes.publishing import version_name
from app.notes.version_changes import version_changes
from app.notes.views._page import notes_to_publish, notes_to_write, notes_url, show_notes

bp = Blueprint("summary_changes", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/webinars/<int:webinar_id>/summary/changes")
@login_needed
def show(webinar_id: int) -> Answer:
    note_set = notes_to_write(webinar_id)
    versions = versions_of(note_set)
    if not versions:
        abort(404)
    named = {version_name(version): version for version in versions}
    later = _asked("to", named, versions[0])
    before = next((one for one in versions if one.id < later.id), later)
    earlier = _asked("from", named, before)
    return render_template(
        "notes/summary_changes.html",
        note_set=note_set,
        webinar=note_set.webinar,
        versions=versions,
        earlier=earlier,
        later=later,
        changes=version_changes(from_json(earlier.document), from_json(later.document)),
    )


@bp.post("/webinars/<int:webinar_id>/summary/unpublish")
@login_needed
def unpublish(webinar_id: int) -> Answer:
    note_set = notes_to_publish(webinar_id)
    require(can_unpublish_notes(viewer(), note_set.webinar))
    form = UnpublishForm()
    if not form.validate_on_submit():
        return show_notes(note_set, unpublish_form=form), 422
    try:
        with write():
            unpublishing.unpublish(note_set, form.reason.data, member())
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, unpublish_form=form), error.status
    flash(_("The summary is a draft again. Nobody else can read or find it."))
    return redirect(notes_url(note_set))


def _asked(name: str, named: dict[str, Any], otherwise: Any) -> Any:
    asked = request.args.get(name, "")
    return named.get(asked) or abort(404) if asked else otherwise
