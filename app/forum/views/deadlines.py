"""The day until which a question wants its answers."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.forum import timeboxing
from app.forum.forms import DeadlineForm
from app.forum.permissions import can_lead_question, leads_question
from app.forum.queries import one_thread
from app.forum.showing import Shown
from app.forum.views._page import shown_or_404, thread_address

bp = Blueprint("deadlines", __name__)


@bp.route("/threads/<int:thread_id>/deadline", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int) -> Response | tuple[str, int]:
    shown = shown_or_404(thread_id)
    require(leads_question(viewer(), shown.thread, shown.rights))
    if request.method != "POST":
        there = timeboxing.deadline_of(shown.thread, viewer())
        values = {"answers_by": there.day} if there else {}
        return _page(shown, DeadlineForm(formdata=None, data=values))
    form = DeadlineForm()
    if not form.validate():
        return _page(shown, form, 422)
    try:
        _set(thread_id, form)
    except DomainError as error:
        form.blame(error)
        return _page(shown_or_404(thread_id), form, error.status)
    if form.answers_by.data:
        flash(_("Saved. Who follows is reminded when half of the time is over."), "ok")
    else:
        flash(_("Saved. There is no day by which you want answers."), "ok")
    return redirect(thread_address(shown_or_404(thread_id)))


def _set(thread_id: int, form: DeadlineForm) -> None:
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        require(can_lead_question(viewer(), thread))
        timeboxing.set_deadline(thread, member(), form.answers_by.data)


def _page(shown: Shown, form: DeadlineForm, status: int = 200) -> tuple[str, int]:
    page = render_template("forum/deadline.html", shown=shown, thread=shown.thread, form=form)
    return page, status
