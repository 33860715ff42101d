"""The front page: one for members, one for everybody else."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.login import viewer
from app.core.visitor_pages import MINUTE, open_page
from app.home.front import member_page, show_named, visitor_page

bp = Blueprint("home", __name__)


@bp.get("/")
@open_page(every=MINUTE)
def show() -> str:
    """Applicants read what visitors read."""
    reader = viewer()
    if reader is None or not reader.is_approved:
        return render_template("home/visitor.html", main=visitor_page(reader))
    main = member_page(reader, show_named(request.args.get("show")))
    return render_template("home/member.html", main=main)
