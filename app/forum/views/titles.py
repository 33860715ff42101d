"""Giving a thread another title."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.i18n import _
from app.forum.curating.holding import hold_for
from app.forum.curating.titling import rename
from app.forum.permissions import can_rename
from app.forum.views._curating import back_to, form_page, said, shown_to_curate
from app.forum.views._curating_forms import TitleForm

bp = Blueprint("titles", __name__)


@bp.route("/threads/<int:thread_id>/rename", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int) -> Response | tuple[str, int]:
    shown = shown_to_curate(thread_id, can_rename)
    if request.method != "POST":
        form = TitleForm(formdata=None, data={"title": shown.thread.title})
        return form_page("rename", shown, form=form)
    form = TitleForm()
    if not form.validate():
        return form_page("rename", shown, 422, form=form)
    with write():
        thread = hold_for(member(), thread_id, can_rename)
        old = thread.title
        changed = rename(thread, form.title.data, member())
    address = url_for("titles.edit", thread_id=thread_id)
    nothing = _("That is the title it has.")
    done = _("The thread has a new title. Old links lead to it.")
    said(changed, done, address, nothing, title=old)
    return back_to(thread_id)
