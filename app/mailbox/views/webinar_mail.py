"""What people wrote back to the invitations of one webinar, for its organisers."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.accounts.login import login_needed, viewer
from app.core import inbound
from app.core.db import db, first_or_404
from app.core.permissions import require
from app.mailbox.queries import forwarded_about
from app.webinars.permissions import can_manage
from app.webinars.queries import one_webinar

bp = Blueprint("webinar_mail", __name__)


@bp.get("/webinars/<int:webinar_id>/mail")
@login_needed
def index(webinar_id: int) -> str:
    webinar = first_or_404(one_webinar(viewer(), webinar_id))
    require(can_manage(viewer(), webinar))
    mails = db.session.scalars(forwarded_about(webinar)).all()
    return render_template(
        "mailbox/webinar_mail.html", webinar=webinar, mails=mails, is_read=inbound.is_read()
    )
