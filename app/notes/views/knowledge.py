"""What came out of the meetings."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from markupsafe import Markup

from app.accounts.login import viewer
from app.core.fragments import fragment
from app.core.pagination import page_number
from app.core.templating import rendered
from app.core.visitor_pages import open_page
from app.forum.reach import reach_of
from app.notes import knowing, topic_years
from app.webinars.own import own_of

bp = Blueprint("knowledge", __name__)


@bp.get("/knowledge")
@open_page()
def index() -> str:
    """Kept for all who reach the same."""
    person, number = viewer(), page_number(request.args.get("page"))
    key = knowing.key_of(reach_of(person), own_of(person), number)
    main = Markup(fragment(key, lambda: _made(number)))  # noqa: S704 - our template
    return render_template("notes/knowledge.html", main=main)


def _made(number: int) -> str:
    person = viewer()
    return rendered(
        "notes/_knowledge.html",
        page=knowing.summaries_page(person, number),
        decisions=knowing.newest_decisions(person),
        actions=knowing.next_actions_by_owner(person),
        topics=topic_years.topics_with_summaries(person),
    )
