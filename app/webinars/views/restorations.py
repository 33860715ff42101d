"""Taking an act back: a cancellation, the end of a running webinar, a draft thrown away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.webinars import discarding, ending, restoring
from app.webinars.consequences import consequences
from app.webinars.forms.webinar import PublishForm
from app.webinars.permissions import can_schedule
from app.webinars.queries import one_discarded
from app.webinars.views._managing import address, managed, managed_or_template

bp = Blueprint("restorations", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/restore", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int) -> Answer:
    """Bring a cancelled webinar back."""
    webinar = managed(webinar_id)
    form = PublishForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        with write():
            restoring.restore(webinar, member())
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)
    flash(_("It takes place after all. Everybody who has a seat is invited again."))
    return redirect(address(webinar))


def _page(form: PublishForm, webinar: Any) -> Answer:
    page = render_template(
        "webinars/restore.html",
        form=form,
        webinar=webinar,
        told=consequences(webinar),
        can_be_restored=restoring.can_be_restored(webinar),
        can_schedule=can_schedule(member()),
    )
    return (page, 422) if form.errors else page


@bp.post("/webinars/<int:webinar_id>/end")
@login_needed
def end(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    return _act(webinar, ending.end_now, _("Ended. Nobody is let in any more."))


@bp.post("/webinars/<int:webinar_id>/reopen")
@login_needed
def reopen(webinar_id: int) -> Response:
    webinar = managed(webinar_id)
    return _act(webinar, ending.reopen, _("The room is open again."))


def _act(webinar: Any, act: Any, said: str) -> Response:
    try:
        with write():
            act(webinar, member())
    except DomainError as error:
        flash(error.message)
    else:
        flash(said)
    return redirect(address(webinar))


@bp.post("/webinars/<int:webinar_id>/delete")
@login_needed
def discard(webinar_id: int) -> Response:
    """Throw a draft or a template away."""
    webinar = managed_or_template(webinar_id)
    try:
        with write():
            discarding.discard(webinar, member())
    except DomainError as error:
        flash(error.message)
        return redirect(address(webinar))
    return redirect(url_for("restorations.discarded", webinar_id=webinar_id))


@bp.get("/webinars/<int:webinar_id>/deleted")
@login_needed
def discarded(webinar_id: int) -> str:
    webinar = first_or_404(one_discarded(member(), webinar_id))
    return render_template("webinars/deleted.html", webinar=webinar)


@bp.post("/webinars/<int:webinar_id>/deleted")
@login_needed
def take_back(webinar_id: int) -> Response:
    webinar = first_or_404(one_discarded(member(), webinar_id))
    with write():
        discarding.take_back(webinar, member())
    flash(_("It is back."))
    return redirect(url_for("copies.index") if webinar.is_template else address(webinar))
