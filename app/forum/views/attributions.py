"""Promising more discretion in a thread."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.enums import Attribution
from app.core.errors import DomainError
from app.core.i18n import _
from app.forum.curating.holding import hold_for
from app.forum.curating.withholding import tighten
from app.forum.views._curating import back_to, form_page, shown_to_curate
from app.forum.views._curating_forms import AttributionForm

bp = Blueprint("attributions", __name__)


@bp.route("/threads/<int:thread_id>/attribution", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int) -> Response | tuple[str, int]:
    shown = shown_to_curate(thread_id)
    if request.method != "POST":
        form = AttributionForm(formdata=None, data={"attribution": shown.thread.attribution.value})
        return form_page("attribution", shown, form=form)
    form = AttributionForm()
    if not form.validate():
        return form_page("attribution", shown, 422, form=form)
    try:
        with write():
            thread = hold_for(member(), thread_id)
            changed = tighten(thread, Attribution(form.attribution.data), member())
    except DomainError as error:
        form.blame(error)
        return form_page("attribution", shown_to_curate(thread_id), 422, form=form)
    flash(_("The new promise holds from now on.") if changed else _("Nothing changed."))
    return back_to(thread_id)
