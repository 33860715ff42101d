"""The directory: who takes part, and for which city. Never a mail address."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from markupsafe import Markup

from app.accounts.directory import members, members_matching
from app.accounts.login import viewer
from app.accounts.permissions import can_see_members
from app.core.forms import tidy
from app.core.fragments import fragment
from app.core.generations import generations
from app.core.i18n import language
from app.core.pagination import page_number, page_of
from app.core.templating import rendered

bp = Blueprint("members", __name__)

PER_PAGE = 50


@bp.get("/members")
def index() -> str:
    if not can_see_members(viewer()):
        return render_template("accounts/members_closed.html")
    wanted = tidy(request.args.get("q", ""))[:80]
    number = page_number(request.args.get("page"))
    people = _made(wanted, number) if wanted else _kept(number)
    return render_template("accounts/members.html", people=Markup(people), wanted=wanted)  # noqa: S704


def _kept(number: int) -> str:
    """Members see all the same people. What somebody looks for is not kept."""
    key = ("members", *generations("people", "network"), language(), number)
    return fragment(key, lambda: _made("", number))


def _made(wanted: str, number: int) -> str:
    page = page_of(members_matching(members(viewer()), wanted), number, PER_PAGE)
    return rendered("accounts/_members.html", page=page, wanted=wanted)
