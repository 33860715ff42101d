"""The tags of a thread."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import _
from app.forum.curating.holding import hold_for
from app.forum.curating.tagging import retag, tags_of, tags_of_topic
from app.forum.permissions import can_rename
from app.forum.showing import Shown
from app.forum.views._curating import back_to, form_page, said, shown_to_curate

bp = Blueprint("thread_tags", __name__)


@bp.route("/threads/<int:thread_id>/tags", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int) -> Response | tuple[str, int]:
    shown, form = shown_to_curate(thread_id, can_rename), Form()
    if request.method != "POST":
        return _page(shown, form, {tag.slug for tag in tags_of(shown.thread)})
    try:
        with write():
            thread = hold_for(member(), thread_id, can_rename)
            before = " ".join(tag.slug for tag in tags_of(thread))
            changed = retag(thread, _chosen(), member())
    except DomainError as error:
        form.blame(error)
        return _page(shown_to_curate(thread_id, can_rename), form, _chosen(), 422)
    address = url_for("thread_tags.edit", thread_id=thread_id)
    nothing = _("The thread has these tags already.")
    said(changed, _("The tags are changed."), address, nothing, tags=before)
    return back_to(thread_id)


def _chosen() -> set[str]:
    """From checkboxes, or several in one field where an act is undone."""
    return {slug for value in request.form.getlist("tags") for slug in value.split()}


def _page(shown: Shown, form: Form, chosen: set[str], status: int = 200) -> tuple[str, int]:
    tags = tags_of_topic(shown.thread.topic)
    return form_page("tags", shown, status, form=form, tags=tags, chosen=chosen)
