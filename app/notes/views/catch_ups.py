"""What a webinar brought, on one page: by a personal link, for whoever had a place."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import viewer
from app.core.db import db, first_or_404, write
from app.core.i18n import _
from app.core.personal_links import private, token_read
from app.notes import catching_up, guest_links
from app.notes.queries import one_summary
from app.statistics import reaching
from app.webinars.attending import one_registration
from app.webinars.speakers import SEATED

bp = Blueprint("catch_ups", __name__)


@bp.get("/registrations/<token>/summary")
def show(token: str) -> Response:
    """Mail scanners follow links: only the button says that somebody read it."""
    registration = _found(token)
    found = catching_up.catch_up_for(registration) or abort(404)
    summary = db.session.scalars(one_summary(viewer(), registration.webinar_id)).first()
    page = render_template(
        "notes/catch_up.html",
        registration=registration,
        webinar=registration.webinar,
        found=found,
        shelf=found.shelf,
        whole_url=url_for("summaries.show", webinar_id=registration.webinar_id)
        if summary is not None
        else guest_links.guest_url(registration),
        token=registration.token,
    )
    return private(page)


@bp.post("/registrations/<token>/summary")
def read(token: str) -> Redirect:
    registration = _found(token)
    if catching_up.catch_up_for(registration) is None:
        abort(404)
    with write():
        if not registration.opened_summary:
            reaching.summary_opened(registration.webinar_id)
        catching_up.note_read(registration)
    flash(_("Thank you. The organisers see one more city that it reached."), "ok")
    return redirect(url_for("catch_ups.show", token=registration.token))


def _found(token: str) -> Any:
    registration = first_or_404(one_registration(token_read(token)))
    return registration if registration.state in SEATED else abort(404)
