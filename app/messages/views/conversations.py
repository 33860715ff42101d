"""Private conversations: the list, one of them, beginning one, leaving."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.drafting import delete_draft
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import draft_for
from app.core.bodies import takes_files
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, language
from app.core.pagination import page_number
from app.core.permissions import require
from app.forum.posting import text_of
from app.messages import limits, writing
from app.messages.attaching import attach_files
from app.messages.forms import ConversationForm
from app.messages.permissions import can_write_privately
from app.messages.queries import one_conversation
from app.messages.reading import conversations_page
from app.messages.views._attaching import take_files
from app.messages.views._page import conversation_page, status_of

bp = Blueprint("messages", __name__)
DRAFT = "message:new"


@bp.get("/messages")
@login_needed
def index() -> str:
    require(can_write_privately(viewer()))
    page = conversations_page(member(), page_number(request.args.get("page")))
    return render_template("messages/index.html", page=page)


@bp.get("/messages/new")
@login_needed
def new() -> tuple[str, int]:
    require(can_write_privately(viewer()))
    draft = draft_for(member(), DRAFT)
    asked = {name: request.args[name] for name in ("people", "subject") if name in request.args}
    values: dict[str, Any] = {**(draft.fields if draft else {}), **asked}
    values["draft_sequence"] = draft.sequence if draft else 0
    return _form_page(ConversationForm(formdata=None, data=values), 200)


@bp.post("/messages/new")
@login_needed
@takes_files
def create() -> Response | tuple[str, int]:
    require(can_write_privately(viewer()))
    form = ConversationForm()
    if status := take_files(form.files):
        return _form_page(form, status)
    if not form.validate():
        return _form_page(form, 422)
    text = text_of(form.body.data, language())
    try:
        with write():
            others = writing.people_named(member(), form.handles())
            limits.check_start(member())
            conversation = writing.start(member(), others, form.subject.data, text)
            attach_files(writing.first_message(conversation), member(), form.files.data)
            delete_draft(member(), DRAFT)
            conversation_id = conversation.id
    except DomainError as error:
        form.blame(error)
        return _form_page(form, status_of(error))
    return redirect(url_for("messages.show", conversation_id=conversation_id))


@bp.get("/messages/<int:conversation_id>")
@login_needed
def show(conversation_id: int) -> tuple[str, int]:
    return conversation_page(conversation_id, request.args.get("page"))


@bp.post("/messages/<int:conversation_id>/leave")
@login_needed
def leave(conversation_id: int) -> Response:
    first_or_404(one_conversation(viewer(), conversation_id))
    with write():
        writing.leave(first_or_404(one_conversation(viewer(), conversation_id)), member())
    flash(_("You left the conversation. Nothing more of it reaches you."), "ok")
    return redirect(url_for("messages.index"))


def _form_page(form: ConversationForm, status: int) -> tuple[str, int]:
    return render_template("messages/form.html", form=form), status
