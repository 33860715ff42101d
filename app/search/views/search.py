"""One field, one page of results."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.forms import tidy
from app.core.pagination import page_number
from app.core.request_limits import count_search
from app.search.finding import TABS, find

bp = Blueprint("search", __name__)

LONGEST_QUESTION = 300
LAST_PAGE = 150


@bp.get("/search")
def show() -> str:
    """Everything the viewer may read; the address is the whole state."""
    typed = tidy(request.args.get("q", "")[:LONGEST_QUESTION])
    asked = request.args.get("type", "all")
    tab = asked if asked in TABS else "all"
    page = min(page_number(request.args.get("page")), LAST_PAGE)
    person = viewer()
    if typed:
        count_search(person.id if person else None)
    found = find(person, typed, tab=tab, page=page)
    return render_template("search/show.html", typed=typed, tab=tab, found=found)
