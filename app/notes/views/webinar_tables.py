"""Decisions and actions of one webinar for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TextIO

from flask import Blueprint, Response

from app.core.csv_answers import csv_answer
from app.notes import webinar_tables
from app.notes.composing import file_name
from app.notes.views._handing_out import to_hand_out
from app.notes.webinar_tables import Source

bp = Blueprint("webinar_tables", __name__)

Write = Callable[[TextIO, Iterable[Source]], None]


@bp.get("/webinars/<int:webinar_id>/decisions.csv")
def decisions(webinar_id: int) -> Response:
    return _table(webinar_id, "decisions", webinar_tables.write_decisions)


@bp.get("/webinars/<int:webinar_id>/actions.csv")
def actions(webinar_id: int) -> Response:
    return _table(webinar_id, "actions", webinar_tables.write_actions)


def _table(webinar_id: int, kind: str, write: Write) -> Response:
    """The whole, the public part or the draft: whatever the reader has as a document."""
    shown = to_hand_out(webinar_id)
    source = Source(shown.note_set, shown.document, shown.is_whole)
    name = file_name(shown.document, "csv", kind)
    answer = csv_answer(name, lambda target: write(target, [source]))
    if shown.key:
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["X-Robots-Tag"] = "noindex"
    return answer
