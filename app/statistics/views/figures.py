"""What one webinar came to, for its organisers."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.accounts.login import login_needed
from app.core.csv_answers import csv_answer
from app.core.slugs import slugify
from app.statistics import describing
from app.statistics.figuring import figures_of
from app.statistics.freezing import frozen_at
from app.statistics.tables import table_of
from app.statistics.views._managed import managed

bp = Blueprint("figures", __name__)


@bp.get("/webinars/<int:webinar_id>/figures")
@login_needed
def show(webinar_id: int) -> str:
    webinar = managed(webinar_id)
    figures = figures_of(webinar)
    return render_template(
        "statistics/figures.html",
        webinar=webinar,
        turnout=describing.turnout(figures),
        sentences=describing.sentences(figures),
        pictures=describing.pictures(figures),
        frozen_at=frozen_at(webinar.id),
    )


@bp.get("/webinars/<int:webinar_id>/figures.csv")
@login_needed
def export(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    figures = figures_of(webinar)
    table = table_of(figures, describing.pictures(figures))
    return csv_answer(f"{slugify(webinar.title)}-figures.csv", lambda lines: lines.write(table))
