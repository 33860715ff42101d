"""Moving a webinar to another time."""

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
from app.webinars.errors import ShortNotice
from app.webinars.forms.webinar import MoveForm
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar, people_to_tell
from app.webinars.views._drafting import offer_zones, slot_of, times_from

bp = Blueprint("schedules", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/schedule", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int) -> Answer:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    form = MoveForm(data=times_from(webinar))
    offer_zones(form)
    if not form.validate_on_submit():
        return _page(form, webinar)
    try:
        has_moved = _move(form, webinar)
    except DomainError as error:
        form.blame(error)
        form.take_version(webinar.lock_version)
        return _page(form, webinar, asks=isinstance(error, ShortNotice))
    flash(_("Moved. People are told in about ten minutes.") if has_moved else _("Same time."))
    return redirect(url_for("webinars.show", webinar_id=webinar.id, slug=slugify(webinar.title)))


def _move(form: MoveForm, webinar: Any) -> bool:
    slot = slot_of(form)
    with write():
        return scheduling.reschedule(
            webinar,
            slot,
            member(),
            version=form.version.data or 0,
            is_sure=bool(form.is_sure.data),
        )


def _page(form: MoveForm, webinar: Any, asks: bool = False) -> Answer:
    page = render_template(
        "webinars/move.html",
        form=form,
        webinar=webinar,
        people=people_to_tell(webinar),
        asks=asks or form.is_sure.data,
    )
    return (page, 422) if form.errors else page
