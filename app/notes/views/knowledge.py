"""What came out of the meetings."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.pagination import page_number
from app.notes import knowing

bp = Blueprint("knowledge", __name__)


@bp.get("/knowledge")
def index() -> str:
    person = viewer()
    return render_template(
        "notes/knowledge.html",
        page=knowing.summaries_page(person, page_number(request.args.get("page"))),
        decisions=knowing.register_of_decisions(person),
        actions=knowing.open_actions_by_owner(person),
    )
