"""Names for what somebody has begun to type after @ or #: small lists for the combobox."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound, Unauthorized

from app.accounts.login import member, viewer
from app.accounts.permissions import may_take_part
from app.core.db import first_or_404
from app.core.forms import tidy
from app.core.i18n import _
from app.core.permissions import require
from app.forum.queries import one_thread
from app.search import completing
from app.search.completing import Completion

bp = Blueprint("completions", __name__, url_prefix="/completions")


@bp.before_request
def members_only() -> None:
    if viewer() is None:
        raise Unauthorized
    require(may_take_part(viewer()))


@bp.get("/people")
def people() -> str:
    """With `thread`, only people who can read it: nobody else could be told."""
    asked = request.args.get("thread")
    thread = None if asked is None else first_or_404(one_thread(viewer(), _number(asked)))
    return _list(_("People"), completing.people_like_typed(_typed(), thread))


@bp.get("/cities")
def cities() -> str:
    return _list(_("Cities"), completing.cities_like_typed(_typed()))


@bp.get("/topics")
def topics() -> str:
    return _list(_("Topics"), completing.topics_like_typed(member(), _typed()))


def _typed() -> str:
    return tidy(request.args.get("q", ""))


def _number(asked: str) -> int:
    """A thread's number, as an address would have it."""
    if asked.isascii() and asked.isdecimal() and len(asked) < 10:
        return int(asked)
    raise NotFound


def _list(words: str, found: list[Completion]) -> str:
    return render_template("forum/_completions.html", words=words, found=found)
