"""Before publishing: what would go wrong, what people will see, a sample to look at."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core import sender_domain
from app.core.clock import utcnow
from app.core.db import write
from app.core.i18n import _
from app.core.outbox import post_mail
from app.live.queries import room_of
from app.live.rooming import has_room
from app.webinars import preflight
from app.webinars.emails.samples import sample
from app.webinars.hours import when
from app.webinars.samples import sample_entry
from app.webinars.views.checklists import managed_or_404

bp = Blueprint("preflights", __name__)

SAME_SAMPLE_WITHIN_MINUTES = 10


@bp.get("/webinars/<int:webinar_id>/preflight")
@login_needed
def show(webinar_id: int) -> str:
    webinar = managed_or_404(webinar_id)
    tzid = member().timezone
    has_hour = webinar.starts_at is not None and webinar.ends_at is not None
    return render_template(
        "webinars/preflight.html",
        webinar=webinar,
        checks=preflight.checks(webinar, utcnow(), has_room=has_room(webinar, room_of(webinar.id))),
        entry=sample_entry(webinar) if has_hour else None,
        when=when(webinar.starts_at, webinar.ends_at, tzid) if has_hour else "",
        domain=sender_domain.facts(),
    )


@bp.post("/webinars/<int:webinar_id>/preflight/sample")
@login_needed
def create(webinar_id: int) -> Response:
    """Mail the sample to whoever asks; asked again within ten minutes it is the same one."""
    webinar, person = managed_or_404(webinar_id), member()
    if webinar.starts_at is None or webinar.ends_at is None:
        abort(404)
    message = sample(webinar, person)
    now = utcnow()
    part = now.minute // SAME_SAMPLE_WITHIN_MINUTES
    key = f"webinars.sample:{webinar.id}:{person.id}:{now:%Y%m%d%H}.{part}"
    with write():
        post_mail(message, person.email, key)
    flash(_("The sample is on its way to %(address)s.", address=person.email))
    return redirect(url_for("preflights.show", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/preflight/domain")
@login_needed
def look(webinar_id: int) -> Response:
    managed_or_404(webinar_id)
    with write():
        sender_domain.look_soon()
    flash(_("We look again. Load this page anew in a minute."))
    return redirect(url_for("preflights.show", webinar_id=webinar_id))
