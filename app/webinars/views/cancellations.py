"""Calling a webinar off."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.slugs import slugify
from app.webinars import scheduling
from app.webinars.forms.webinar import CancelForm
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar, people_to_tell

bp = Blueprint("cancellations", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/cancel", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        with write():
            scheduling.cancel(webinar, form.reason.data, member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("Cancelled. Everybody who registered is told by mail."))
    return redirect(url_for("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title)))


def _page(form: CancelForm, webinar: Any) -> Answer:
    page = render_template(
        "webinars/cancel.html", form=form, webinar=webinar, people=people_to_tell(webinar)
    )
    return (page, 422) if form.errors else page
