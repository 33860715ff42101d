"""Templates. A copy is the form for a new webinar, filled in (`webinars.new`)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import db, write
from app.core.i18n import _
from app.core.permissions import require
from app.webinars import copying
from app.webinars.permissions import can_schedule
from app.webinars.queries import templates_of
from app.webinars.views._managing import managed
from app.webinars.views._saving import new_uids

bp = Blueprint("copies", __name__)


@bp.get("/webinars/templates")
@login_needed
def index() -> str:
    require(can_schedule(member()))
    templates = db.session.scalars(templates_of(member())).all()
    return render_template("webinars/templates.html", templates=templates)


@bp.post("/webinars/<int:webinar_id>/template")
@login_needed
def create(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    require(can_schedule(member()))
    with write():
        copying.save_as_template(webinar, member(), uid=new_uids(1)[0])
    flash(_("Saved as a template."))
    return redirect(url_for("copies.index"))
