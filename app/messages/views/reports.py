"""What was reported, for organisers."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.messages import reporting
from app.messages.forms import REASONS, DecisionForm
from app.messages.permissions import can_see_reports
from app.messages.queries import one_report, open_reports

bp = Blueprint("message_reports", __name__)


@bp.get("/messages/reports")
@login_needed
def index() -> str:
    require(can_see_reports(viewer()))
    reports = db.session.scalars(open_reports().limit(100)).all()
    return render_template("messages/reports.html", reports=reports, reasons=REASONS)


@bp.get("/messages/reports/<int:report_id>")
@login_needed
def show(report_id: int) -> tuple[str, int]:
    require(can_see_reports(viewer()))
    return _page(report_id, DecisionForm(formdata=None), 200)


@bp.post("/messages/reports/<int:report_id>")
@login_needed
def decide(report_id: int) -> Response | tuple[str, int]:
    """Keep or remove, with a reason."""
    require(can_see_reports(viewer()))
    form = DecisionForm()
    if not form.validate():
        return _page(report_id, form, 422)
    is_removed = request.form.get("act") == "remove"
    try:
        with write():
            first_or_404(one_report(report_id))
            reporting.decide(report_id, member(), form.decision.data, is_removed)
    except DomainError as error:
        form.blame(error)
        return _page(report_id, form, 422)
    flash(_("The message is removed.") if is_removed else _("The message stays."), "ok")
    return redirect(url_for("message_reports.index"))


def _page(report_id: int, form: DecisionForm, status: int) -> tuple[str, int]:
    report = first_or_404(one_report(report_id))
    html = render_template(
        "messages/decide.html",
        report=report,
        messages=reporting.around(report),
        form=form,
        reasons=REASONS,
    )
    return html, status
