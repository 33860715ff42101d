"""The run sheet: one page on paper for whoever runs the hour."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.login import login_needed
from app.core.links import absolute_url
from app.live.queries import room_of
from app.live.rooming import has_room
from app.polls.queries import poll_texts
from app.webinars.hours import place
from app.webinars.run_sheet import run_sheet
from app.webinars.views.checklists import managed_or_404

bp = Blueprint("run_sheets", __name__)


@bp.get("/webinars/<int:webinar_id>/run-sheet")
@login_needed
def show(webinar_id: int) -> str:
    webinar = managed_or_404(webinar_id)
    return render_template(
        "webinars/run_sheet.html",
        webinar=webinar,
        sheet=run_sheet(webinar),
        place=place(webinar.tzid),
        poll_texts=poll_texts(webinar.id),
        has_room=has_room(webinar, room_of(webinar.id)),
        join_url=absolute_url("joins.show", webinar_id=webinar.id),
    )
