"""The organisers' dated checklist, each line with the page that does it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.attendance.queries import is_noted
from app.core.db import db, first_or_404, write
from app.core.permissions import require
from app.live.queries import room_of
from app.live.rooming import has_room
from app.materials.recording import the_recording
from app.materials.telling import moment_of
from app.notes.enums import NotesStatus
from app.notes.queries import notes_of_webinar, one_summary
from app.questions.queries import desk_of
from app.webinars import checklist
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar

bp = Blueprint("checklists", __name__)


@bp.get("/webinars/<int:webinar_id>/checklist")
@login_needed
def show(webinar_id: int) -> str:
    webinar = managed_or_404(webinar_id)
    lines = checklist.checklist(webinar, _afterwards(webinar))
    return render_template("webinars/checklist.html", webinar=webinar, lines=lines)


@bp.post("/webinars/<int:webinar_id>/checklist/<step>")
@login_needed
def update(webinar_id: int, step: str) -> Response:
    """Tick a line, or take the tick back: whichever it is not now."""
    webinar = managed_or_404(webinar_id)
    if step not in checklist.BY_HAND:
        abort(404)
    with write():
        checklist.turn(webinar, step, member().id)
    return redirect(url_for("checklists.show", webinar_id=webinar_id, _anchor=step))


def managed_or_404(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar


def _afterwards(webinar: Any) -> checklist.Afterwards:
    desk = desk_of(webinar.id)
    notes = db.session.scalars(notes_of_webinar(webinar)).first()
    return checklist.Afterwards(
        has_room=has_room(webinar, room_of(webinar.id)),
        has_notes=notes is not None,
        has_review=notes is not None and notes.status == NotesStatus.IN_REVIEW,
        has_followup=desk is not None and desk.followup_thread_id is not None,
        has_attendance=is_noted(webinar.id),
        has_recording=moment_of(the_recording(webinar)) != "",
        has_summary=db.session.scalars(one_summary(viewer(), webinar.id)).first() is not None,
    )
