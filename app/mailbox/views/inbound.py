"""The office's page of mail that came in."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.accounts.login import login_needed, viewer
from app.core.db import first_or_404
from app.core.pagination import page_number, page_of
from app.core.permissions import require
from app.mailbox.enums import Outcome
from app.mailbox.permissions import can_read_mail
from app.mailbox.queries import all_mail, one_mail
from app.mailbox.words import outcome_words

bp = Blueprint("inbound", __name__)

PER_PAGE = 50


@bp.get("/admin/mail")
@login_needed
def index() -> str:
    require(can_read_mail(viewer()))
    read = request.args.get("outcome", "")
    chosen = Outcome(read) if read in set(Outcome) else None
    return render_template(
        "mailbox/inbound.html",
        page=page_of(all_mail(chosen), page_number(request.args.get("page")), PER_PAGE),
        chosen=chosen,
        outcomes=list(Outcome),
        outcome_words=outcome_words,
    )


@bp.get("/admin/mail/<int:mail_id>.eml")
@login_needed
def download(mail_id: int) -> Response:
    """As it came, never shown: whatever is in it."""
    require(can_read_mail(viewer()))
    mail = first_or_404(one_mail(mail_id))
    return Response(
        mail.raw,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="mail-{mail.id}.eml"',
            "Cache-Control": "no-store",
        },
    )
