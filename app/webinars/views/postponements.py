"""Putting a webinar off until there is a new date."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import postponing
from app.webinars.consequences import consequences
from app.webinars.forms.acts import ReasonForm
from app.webinars.views._managing import address, managed

bp = Blueprint("postponements", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/postpone", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        with write():
            postponing.postpone(webinar, form.reason.data, member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("Postponed. Seats are kept until there is a new date."))
    return redirect(address(webinar))


def _page(form: ReasonForm, webinar: Any) -> Answer:
    page = render_template(
        "webinars/postpone.html", form=form, webinar=webinar, told=consequences(webinar)
    )
    return (page, 422) if form.errors else page
