"""What people said together, for organisers."""

from __future__ import annotations

from io import StringIO
from typing import Any

from flask import Blueprint, Response, abort, render_template

from app.accounts.login import login_needed, viewer
from app.core.db import first_or_404
from app.core.permissions import require
from app.core.slugs import slugify
from app.feedback.asking import survey_phase
from app.feedback.exporting import write_results
from app.feedback.summing import results
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar

bp = Blueprint("feedback_results", __name__)


@bp.get("/webinars/<int:webinar_id>/feedback/results")
@login_needed
def show(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    page = render_template(
        "feedback/results.html",
        webinar=webinar,
        results=results(webinar),
        phase=survey_phase(webinar),
    )
    return Response(page, headers={"Cache-Control": "no-store"})


@bp.get("/webinars/<int:webinar_id>/feedback/results.csv")
@login_needed
def download(webinar_id: int) -> Response:
    """Not there as long as the page shows nothing."""
    webinar = managed(webinar_id)
    found = results(webinar)
    if not found.is_shown:
        abort(404)
    table = StringIO(newline="")
    write_results(table, found)
    name = f"{slugify(webinar.title)}-feedback.csv"
    return Response(
        table.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def managed(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar
