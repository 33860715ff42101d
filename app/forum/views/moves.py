"""Moving a thread to another topic: who will read it is said before."""

from __future__ import annotations

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.forum.curating import moving
from app.forum.curating.holding import hold_for
from app.forum.curating.readership import now_in_words, readers_of
from app.forum.permissions import can_curate
from app.forum.showing import Shown
from app.forum.views._curating import back_to, form_page, shown_to_curate
from app.forum.views._curating_forms import MoveForm
from app.forum.views._page import shown_or_404
from app.topics.permissions import can_start_thread
from app.topics.queries import one_readable_topic

bp = Blueprint("moves", __name__)


@bp.route("/threads/<int:thread_id>/move", methods=["GET", "POST"])
@login_needed
def create(thread_id: int) -> Response | tuple[str, int]:
    shown, form = shown_to_curate(thread_id), MoveForm()
    if request.method != "POST":
        return _page(shown, form)
    if not form.validate():
        return _page(shown, form, 422)
    old, before = shown.thread.topic.slug, readers_of(shown.thread)
    try:
        with write():
            thread = hold_for(member(), thread_id)
            topic = first_or_404(one_readable_topic(viewer(), form.topic.data))
            require(can_start_thread(viewer(), topic))
            changed = moving.move(thread, topic, member())
    except DomainError as error:
        form.blame(error)
        return _page(shown_to_curate(thread_id), form, 422)
    _say(thread_id, changed, old, kept=before.is_alike(readers_of(thread)))
    return back_to(thread_id)


def _say(thread_id: int, changed: bool, old: str, *, kept: bool) -> None:
    """Moving back is offered where that gives the thread the readers it had."""
    if not changed:
        flash(_("The thread is in this topic already."))
    elif kept and can_curate(member(), shown_or_404(thread_id).thread):
        address = url_for("moves.create", thread_id=thread_id)
        flash_with_undo(_("The thread is moved. Old links lead to it."), address, topic=old)
    else:
        flash(_("The thread is moved. Old links lead to it."))


def _page(shown: Shown, form: MoveForm, status: int = 200) -> tuple[str, int]:
    return form_page(
        "move",
        shown,
        status,
        form=form,
        now=now_in_words(readers_of(shown.thread), shown.group_names or {}),
        destinations=moving.destinations(shown.thread, member()),
    )
