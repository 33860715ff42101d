"""Who else has the notes open: told to the script of the notes page every few seconds."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.request_limits import count_beat
from app.notes import presence
from app.notes.views._page import notes_to_write

bp = Blueprint("presences", __name__)


@bp.post("/webinars/<int:webinar_id>/notes/presence")
@login_needed
def update(webinar_id: int) -> Response:
    """`section` is the one being written in; `left`: the page is closed."""
    person_id = member().id
    count_beat(person_id)
    set_id = notes_to_write(webinar_id).id
    sent: Any = request.get_json(silent=True) or request.form
    with write():
        if sent.get("left"):
            presence.leave(set_id, person_id)
            return Response(status=204)
        told = presence.beat(set_id, person_id, _number(sent.get("section")))
    sections = [
        {"id": note_id, "head": head, "said": told.editing.get(note_id, "")}
        for note_id, head in told.heads.items()
    ]
    return jsonify(sections=sections, here=told.here)


def _number(sent: object) -> int | None:
    read = str(sent)
    return int(read) if read.isascii() and read.isdecimal() and len(read) < 10 else None
