"""What calendars and people answered to the invitations of one webinar, for its organisers."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.login import login_needed, viewer
from app.core import inbound
from app.core.db import db, first_or_404
from app.core.permissions import require
from app.mailbox.queries import forwarded_about
from app.webinars.answerers import answer_counts, answered_with_words, proposals_at
from app.webinars.hours import when
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar
from app.webinars.words import partstat_words

bp = Blueprint("webinar_answers", __name__)


@bp.get("/webinars/<int:webinar_id>/answers")
@login_needed
def index(webinar_id: int) -> str:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    proposals = [
        (one, person, when(one.starts_at, one.ends_at or one.starts_at, webinar.tzid))
        for one, person in proposals_at(webinar)
    ]
    return render_template(
        "mailbox/answers.html",
        webinar=webinar,
        counts=answer_counts(webinar),
        proposals=proposals,
        spoken=db.session.scalars(answered_with_words(webinar)).all(),
        mails=db.session.scalars(forwarded_about(webinar)).all(),
        partstat_words=partstat_words,
        is_read=inbound.is_read(),
    )
