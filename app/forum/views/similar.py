"""Threads like the one somebody is about to start."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import Unauthorized

from app.accounts.login import member, viewer
from app.accounts.permissions import may_take_part
from app.core.forms import tidy
from app.core.permissions import require
from app.search.similar import similar_threads

bp = Blueprint("similar", __name__)


@bp.get("/threads/similar")
def index() -> str:
    """A part of the form: at most five threads the writer can read, often none."""
    if viewer() is None:
        raise Unauthorized
    require(may_take_part(viewer()))
    found = similar_threads(member(), tidy(request.args.get("title", "")))
    return render_template("forum/_similar.html", found=found)
