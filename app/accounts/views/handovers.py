"""Handing a seat over to a successor."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from werkzeug.exceptions import NotFound
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.errors import NotASuccessor
from app.accounts.forms import HandoverForm
from app.accounts.handing_over import hand_over
from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import can_hand_over
from app.accounts.queries import one_seat, users_by_handles
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _

bp = Blueprint("handovers", __name__)


@bp.route("/seats/<int:seat_id>/handover", methods=["GET", "POST"])
@login_needed
def show(seat_id: int) -> Response | tuple[str, int]:
    """What moves and what stays, then the act; nobody else learns of the seat."""
    seat = first_or_404(one_seat(seat_id))
    if not can_hand_over(viewer(), seat):
        raise NotFound
    form = HandoverForm()
    if not form.is_submitted():
        return _page(seat_id, form, 200)
    if not form.validate():
        return _page(seat_id, form, 422)
    try:
        _hand_over(seat_id, form)
    except DomainError as error:
        form.blame(error)
        return _page(seat_id, form, 422)
    flash(_("The seat is handed over. What was followed and open is with the successor."), "ok")
    return redirect(url_for("settings.show"))


def _hand_over(seat_id: int, form: HandoverForm) -> None:
    handle = form.successor.data.strip().removeprefix("@").lower()
    with write():
        seat = first_or_404(one_seat(seat_id))
        successor = users_by_handles([handle]).get(handle)
        if successor is None:
            raise NotASuccessor
        hand_over(seat, successor, member(), form.with_drafts.data)


def _page(seat_id: int, form: HandoverForm, status: int) -> tuple[str, int]:
    seat = first_or_404(one_seat(seat_id))
    return render_template("accounts/handover.html", seat=seat, form=form), status
