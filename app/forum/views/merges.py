"""Making one thread of two: first it is said what will be, then it is done."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.forum.curating import merging
from app.forum.curating.holding import hold, hold_for
from app.forum.showing import Shown
from app.forum.views._curating import back_to, form_page, shown_to_curate
from app.forum.views._curating_forms import MergeForm

bp = Blueprint("merges", __name__)


@bp.get("/threads/<int:thread_id>/merge")
@login_needed
def new(thread_id: int) -> tuple[str, int]:
    """The question for the other thread; with an answer, what will become of both."""
    shown = shown_to_curate(thread_id)
    if "target" not in request.args:
        return _page(shown, MergeForm(formdata=None))
    form = MergeForm(formdata=request.args, meta={"csrf": False})  # changes nothing
    if not form.validate():
        return _page(shown, form, 422)
    try:
        target = merging.target_for(member(), form.target_id)
        merging.check(shown.thread, target)
    except DomainError as error:
        form.blame(error)
        return _page(shown, form, 422)
    return form_page("merge_confirm", shown, form=form, target=target)


@bp.post("/threads/<int:thread_id>/merge")
@login_needed
def create(thread_id: int) -> Response | tuple[str, int]:
    shown, form = shown_to_curate(thread_id), MergeForm()
    if not form.validate():
        return _page(shown, form, 422)
    try:
        target_id = merging.target_for(member(), form.target_id).id
        with write():
            hold(thread_id, target_id)
            thread = hold_for(member(), thread_id)
            target = merging.held_target(member(), target_id)
            number = merging.merge(thread, target, member())
    except DomainError as error:
        form.blame(error)
        return _page(shown_to_curate(thread_id), form, 422)
    flash(_("Both threads are one now. Links to the other one lead here."))
    return back_to(target_id, number)


def _page(shown: Shown, form: MergeForm, status: int = 200) -> tuple[str, int]:
    return form_page("merge", shown, status, form=form)
