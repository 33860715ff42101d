"""The directory: who takes part, and for which city. Never a mail address."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from app.accounts.directory import members, members_matching
from app.accounts.login import viewer
from app.accounts.permissions import can_see_members
from app.core.forms import tidy
from app.core.pagination import page_number, page_of

bp = Blueprint("members", __name__)

PER_PAGE = 50


@bp.get("/members")
def index() -> str:
    if not can_see_members(viewer()):
        return render_template("accounts/members_closed.html")
    wanted = tidy(request.args.get("q", ""))[:80]
    listed = members_matching(members(viewer()), wanted)
    page = page_of(listed, page_number(request.args.get("page")), PER_PAGE)
    return render_template("accounts/members.html", page=page, wanted=wanted)
