"""Publishing a draft, now or at a moment that is planned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.zones import to_local, to_utc
from app.webinars import publishing
from app.webinars.enums import Status
from app.webinars.forms.acts import PlanForm
from app.webinars.forms.webinar import PublishForm
from app.webinars.hours import place
from app.webinars.queries import one_webinar
from app.webinars.views._managing import address, managed
from app.webinars.views._page import webinar_page

bp = Blueprint("publications", __name__)

Answer = str | Response | tuple[str, int]


@bp.post("/webinars/<int:webinar_id>/publish")
@login_needed
def create(webinar_id: int) -> Response | tuple[str, int]:
    webinar = managed(webinar_id)
    form = PublishForm()
    form.validate_on_submit()
    try:
        with write():
            publishing.publish(webinar, member())
    except DomainError as error:
        form.blame(error)
        webinar = first_or_404(one_webinar(viewer(), webinar_id))
        return webinar_page(webinar, form), 422
    flash(_("Published. Invitations go out as people register."))
    return redirect(address(webinar))


@bp.route("/webinars/<int:webinar_id>/publish-later", methods=["GET", "POST"])
@login_needed
def plan(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    if webinar.status != Status.DRAFT:
        return redirect(address(webinar))
    form = PlanForm(data=_planned(webinar))
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        local = datetime.combine(form.date.data, form.start_local.data)
        at = to_utc(local, webinar.tzid)
        with write():
            publishing.plan_publication(webinar, at, member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("Planned. If something is missing at that moment, the organisers get a mail."))
    return redirect(address(webinar))


@bp.post("/webinars/<int:webinar_id>/publish-later/withdraw")
@login_needed
def withdraw(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    with write():
        publishing.withdraw_plan(webinar, member())
    flash(_("It is not published by itself any more."))
    return redirect(address(webinar))


def _planned(webinar: Any) -> dict[str, Any]:
    if webinar.publish_at is None:
        return {}
    local = to_local(webinar.publish_at, webinar.tzid)
    return {"date": local.date(), "start_local": local.time()}


def _page(form: PlanForm, webinar: Any) -> Answer:
    page = render_template(
        "webinars/publish_later.html", form=form, webinar=webinar, place=place(webinar.tzid)
    )
    return (page, 422) if form.errors else page
