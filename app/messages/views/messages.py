"""Messages: writing one, reporting one."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.drafting import delete_draft
from app.accounts.login import login_needed, member, viewer
from app.core.bodies import takes_files
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, language
from app.forum.posting import text_of
from app.messages import limits, reporting, writing
from app.messages.attaching import attach_files
from app.messages.enums import ReportReason
from app.messages.forms import MessageForm, ReportForm
from app.messages.queries import one_conversation, one_message
from app.messages.views._attaching import take_files
from app.messages.views._page import conversation_page, status_of

bp = Blueprint("private_messages", __name__)


@bp.post("/messages/<int:conversation_id>")
@login_needed
@takes_files
def create(conversation_id: int) -> Response | tuple[str, int]:
    """Write in a conversation. Whatever goes wrong, the text comes back."""
    first_or_404(one_conversation(viewer(), conversation_id))
    form = MessageForm()
    if status := take_files(form.files):
        return conversation_page(conversation_id, None, form, status)
    if not form.validate():
        return conversation_page(conversation_id, None, form, 422)
    text = text_of(form.body.data, language())
    try:
        with write():
            conversation = first_or_404(one_conversation(viewer(), conversation_id))
            limits.check_message(member())
            message = writing.send(conversation, member(), text)
            attach_files(message, member(), form.files.data)
            number = message.number
            delete_draft(member(), f"message:{conversation_id}")
    except DomainError as error:
        form.blame(error)
        return conversation_page(conversation_id, None, form, status_of(error))
    anchor = f"message-{number}"
    return redirect(url_for("messages.show", conversation_id=conversation_id, _anchor=anchor))


@bp.route("/messages/<int:conversation_id>/<int:number>/report", methods=["GET", "POST"])
@login_needed
def report(conversation_id: int, number: int) -> Response | tuple[str, int]:
    """Say what is wrong with a message; the organisers see it and five on each side."""
    first_or_404(one_message(viewer(), conversation_id, number))
    form = ReportForm()
    if not form.is_submitted():
        return _report_page(conversation_id, number, form, 200)
    if not form.validate():
        return _report_page(conversation_id, number, form, 422)
    try:
        with write():
            message = first_or_404(one_message(viewer(), conversation_id, number))
            limits.check_report(member())
            reason = ReportReason(form.reason.data)
            reporting.report(message, member(), reason, form.words.data)
    except DomainError as error:
        form.blame(error)
        return _report_page(conversation_id, number, form, status_of(error))
    flash(_("Thank you. The organisers look at it."), "ok")
    return redirect(url_for("messages.show", conversation_id=conversation_id))


def _report_page(
    conversation_id: int, number: int, form: ReportForm, status: int
) -> tuple[str, int]:
    message = first_or_404(one_message(viewer(), conversation_id, number))
    return render_template("messages/report.html", message=message, form=form), status
