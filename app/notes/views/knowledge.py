"""What came out of the meetings."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.pagination import page_number
from app.core.visitor_pages import open_page
from app.notes import knowing

bp = Blueprint("knowledge", __name__)


@bp.get("/knowledge")
@open_page()
def index() -> str:
    person = viewer()
    return render_template(
        "notes/knowledge.html",
        page=knowing.summaries_page(person, page_number(request.args.get("page"))),
        decisions=knowing.register_of_decisions(person),
        actions=knowing.open_actions_by_owner(person),
    )
