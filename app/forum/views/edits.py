"""Posts: changing them, and what they said before."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.permissions import require
from app.forum import editing, posting
from app.forum.comparing import changes_of
from app.forum.errors import EditConflict
from app.forum.forms import EditForm
from app.forum.permissions import can_edit_post
from app.forum.queries import one_post, revisions_of
from app.forum.views._page import shown_or_404, to_post

bp = Blueprint("edits", __name__)


@bp.route("/threads/<int:thread_id>/posts/<int:number>/edit", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int, number: int) -> Response | str | tuple[str, int]:
    """Change one's own post; a stale form never overwrites and never loses a text."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    require(can_edit_post(viewer(), post))
    form = (
        EditForm(formdata=None, data=editing.as_it_is(post))
        if request.method == "GET"
        else EditForm()
    )
    if request.method == "GET":
        return _edit_page(thread_id, number, form)
    if not form.validate():
        return _edit_page(thread_id, number, form, 422)
    try:
        _edit(thread_id, number, form)
    except EditConflict as error:
        form.blame(error)
        return _conflict(thread_id, number, form)
    except DomainError as error:
        form.blame(error)
        return _edit_page(thread_id, number, form, 422)
    return to_post(shown_or_404(thread_id), number)


def _edit(thread_id: int, number: int, form: EditForm) -> None:
    text = posting.text_of(form.body.data, form.language.data)
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(can_edit_post(viewer(), post))
        editing.edit_post(post, member(), text, form.based_on.data or "", form.reason.data)


@bp.get("/threads/<int:thread_id>/posts/<int:number>/history")
def history(thread_id: int, number: int) -> str:
    """What a post said before; who reads the post reads this."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    older = db.session.scalars(revisions_of(post)).all()
    return render_template(
        "forum/history.html", post=post, thread=post.thread, changes=changes_of(post, older)
    )


def _edit_page(
    thread_id: int, number: int, form: EditForm, status: int = 200, there: str | None = None
) -> tuple[str, int]:
    shown = shown_or_404(thread_id)
    return render_template(
        "forum/post_form.html",
        form=form,
        shown=shown,
        thread=shown.thread,
        number=number,
        there=there,
    ), status


def _conflict(thread_id: int, number: int, form: EditForm) -> tuple[str, int]:
    """Both texts on one page; saving again is then based on what is there now."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    form.based_on.data = editing.version_of(post)
    return _edit_page(thread_id, number, form, 409, there=post.body)
