"""What people said together, for organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template

from app.accounts.login import login_needed, viewer
from app.core.csv_answers import csv_answer
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
    name = f"{slugify(webinar.title)}-feedback.csv"
    return csv_answer(name, lambda lines: write_results(lines, found))


def managed(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar
