"""Organisers decide who comes: one by one, or all who wait."""

from __future__ import annotations

from flask import Blueprint, flash

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.webinars import approving, managing
from app.webinars.forms.deciding import ReasonForm
from app.webinars.views._managing import managed
from app.webinars.views._people import Answer, back, person_at, reason_page

bp = Blueprint("approvals", __name__)


@bp.post("/webinars/<int:webinar_id>/registrations/<int:registration_id>/approve")
@login_needed
def create(webinar_id: int, registration_id: int) -> Answer:
    _webinar, registration = person_at(webinar_id, registration_id)
    try:
        with write():
            approving.approve(registration, member())
    except DomainError as error:
        flash(error.message, "error")
        return back(webinar_id)
    flash(_("%(name)s can come and is told by mail.", name=registration.name))
    return back(webinar_id)


@bp.post("/webinars/<int:webinar_id>/registrations/approve")
@login_needed
def create_all(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    try:
        with write():
            count = managing.approve_all(webinar, member())
    except DomainError as error:
        flash(error.message, "error")
        return back(webinar_id)
    flash(
        ngettext(
            "One person can come and is told by mail.",
            "%(num)s people can come and are told by mail.",
            count,
        )
        if count
        else _("Nobody waits for an answer.")
    )
    return back(webinar_id)


@bp.route(
    "/webinars/<int:webinar_id>/registrations/<int:registration_id>/reject",
    methods=["GET", "POST"],
)
@login_needed
def reject(webinar_id: int, registration_id: int) -> Answer:
    webinar, registration = person_at(webinar_id, registration_id)
    form = ReasonForm()
    if not form.validate_on_submit():
        return reason_page("webinars/registration_reject.html", webinar, registration, form)
    try:
        with write():
            approving.reject(registration, member(), form.reason.data)
    except DomainError as error:
        form.blame(error)
        return reason_page("webinars/registration_reject.html", webinar, registration, form)
    flash(_("%(name)s is told by mail.", name=registration.name))
    return back(webinar_id)
