"""What a text will look like, rendered by the same code as the post itself."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import Unauthorized

from app.accounts.login import viewer
from app.accounts.permissions import may_take_part
from app.core.forms import tidy
from app.core.markup import render
from app.core.permissions import require
from app.core.templating import is_fragment
from app.forum.forms import LONGEST_BODY

bp = Blueprint("previews", __name__)


@bp.post("/preview")
def create() -> str:
    if viewer() is None:
        raise Unauthorized
    require(may_take_part(viewer()))
    body = tidy(request.form.get("body", ""))
    is_too_long = len(body) > LONGEST_BODY
    html = "" if is_too_long else render(body).html
    template = "forum/_preview.html" if is_fragment() else "forum/preview.html"
    return render_template(template, html=html, is_too_long=is_too_long)
