"""The register of decisions."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.accounts.login import viewer
from app.core.csv_answers import csv_answer
from app.core.pagination import page_number, page_of
from app.core.visitor_pages import open_page
from app.notes import registers
from app.notes.enums import DecisionStatus
from app.notes.register_tables import write_decisions
from app.notes.views._register import ROWS_A_PAGE, one_of, read_filters

bp = Blueprint("decisions_register", __name__)


@bp.get("/decisions")
@open_page()
def index() -> str:
    person, status = viewer(), one_of(DecisionStatus, "status")
    filters = read_filters({"status": status and status.value}, status=status)
    found = registers.decisions_wanted(person, filters.wanted)
    return render_template(
        "notes/decisions_register.html",
        filters=filters,
        status=status,
        counts=registers.count_decisions(person, filters.wanted),
        page=page_of(found, page_number(request.args.get("page")), ROWS_A_PAGE),
        years=registers.years_of_decisions(person),
    )


@bp.get("/decisions.csv")
def download() -> Response:
    filters = read_filters({}, status=one_of(DecisionStatus, "status"))
    found = registers.decisions_wanted(viewer(), filters.wanted)
    return csv_answer("decisions.csv", lambda target: write_decisions(target, found))
