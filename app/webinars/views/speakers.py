"""The organisers' page of speakers: who was asked, who comes, what they need and sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.core.permissions import require
from app.webinars import speaking
from app.webinars.permissions import can_manage
from app.webinars.presenting import speaker_at, speakers_at
from app.webinars.queries import one_webinar
from app.webinars.speakers import contacts_of
from app.webinars.words import speaker_state_words

bp = Blueprint("speakers", __name__)

Answer = str | Response | tuple[str, int]


@bp.get("/webinars/<int:webinar_id>/speakers")
@login_needed
def index(webinar_id: int) -> str:
    return _page(_managed(webinar_id))


@bp.post("/webinars/<int:webinar_id>/speakers/ask")
@login_needed
def ask_all(webinar_id: int) -> Answer:
    """Everybody who has an address and was not asked yet."""
    webinar = _managed(webinar_id)
    try:
        with write():
            speaking.require_askable(webinar)
            count = speaking.ask(webinar)
    except DomainError as error:
        return _page(_managed(webinar_id), error.message), 422
    said = ngettext("One mail is on its way.", "%(num)s mails are on their way.", count)
    flash(said if count else _("Everybody with an address was asked already."), "ok")
    return redirect(url_for("speakers.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/speakers/<int:speaker_id>/ask")
@login_needed
def ask_again(webinar_id: int, speaker_id: int) -> Answer:
    webinar = _managed(webinar_id)
    speaker = first_or_404(speaker_at(webinar, speaker_id))
    try:
        with write():
            speaking.ask_again(speaker, member())
    except DomainError as error:
        return _page(_managed(webinar_id), error.message), 422
    flash(_("The mail is on its way again."), "ok")
    return redirect(url_for("speakers.index", webinar_id=webinar_id))


def _managed(webinar_id: int) -> Any:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    return webinar


def _page(webinar: Any, problem: str = "") -> str:
    speakers = db.session.scalars(speakers_at(webinar)).all()
    reached = contacts_of(webinar)
    return render_template(
        "webinars/speakers.html",
        webinar=webinar,
        speakers=speakers,
        reached=reached,
        unasked=[one for one in speakers if one.id in reached and one.state == "listed"],
        is_open=speaking.is_askable(webinar),
        state_words=speaker_state_words,
        problem=problem,
    )
