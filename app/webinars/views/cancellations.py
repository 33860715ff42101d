"""Calling a webinar off, with what people receive shown before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import scheduling
from app.webinars.consequences import consequences
from app.webinars.forms.acts import CancelForm
from app.webinars.views._managing import address, managed

bp = Blueprint("cancellations", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/cancel", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = CancelForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        with write():
            scheduling.require_number(webinar, form.typed.data)
            scheduling.cancel(webinar, form.reason.data, member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("Cancelled. Everybody who registered is told by mail."))
    return redirect(address(webinar))


def _page(form: CancelForm, webinar: Any) -> Answer:
    page = render_template(
        "webinars/cancel.html",
        form=form,
        webinar=webinar,
        told=consequences(webinar),
        seated=scheduling.seated_count(webinar),
    )
    return (page, 422) if form.errors else page
