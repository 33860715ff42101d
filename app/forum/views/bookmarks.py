"""Posts kept for later."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.pagination import page_number
from app.core.permissions import require
from app.core.undo import flash_with_undo
from app.forum import bookmarking, limits
from app.forum.forms import BookmarkForm
from app.forum.queries import one_post
from app.forum.views._page import shown_or_404, to_post

bp = Blueprint("bookmarks", __name__)


@bp.get("/bookmarks")
@login_needed
def index() -> str:
    page = bookmarking.bookmarks_of(member(), page_number(request.args.get("page")))
    return render_template("forum/bookmarks.html", page=page)


@bp.route("/threads/<int:thread_id>/posts/<int:number>/bookmark", methods=["GET", "POST"])
@login_needed
def edit(thread_id: int, number: int) -> Response | tuple[str, int]:
    """Keep a post; or change the note and the hour of one that is kept."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    require(may_take_part(viewer()))
    if request.method != "POST":
        kept = bookmarking.bookmark_of(member(), post)
        values = bookmarking.fields_of(kept, member()) if kept else {}
        return _page(thread_id, number, BookmarkForm(formdata=None, data=values), bool(kept))
    form = BookmarkForm()
    if not form.validate():
        return _page(thread_id, number, form, status=422)
    try:
        _keep(thread_id, number, form)
    except DomainError as error:
        form.blame(error)
        return _page(thread_id, number, form, status=error.status)
    flash(_("Kept. You find it under your bookmarks."), "ok")
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/bookmark/delete")
@login_needed
def delete(thread_id: int, number: int) -> Response:
    first_or_404(one_post(viewer(), thread_id, number))
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        gone = bookmarking.let_go(post, member())
        fields = bookmarking.as_typed(gone, member()) if gone else {}
    if gone:
        again = url_for("bookmarks.edit", thread_id=thread_id, number=number)
        flash_with_undo(_("The bookmark is removed."), again, **fields)
    return redirect(url_for("bookmarks.index"))


def _keep(thread_id: int, number: int, form: BookmarkForm) -> None:
    when = bookmarking.moment_of(form.remind_on.data, form.remind_hour.data, member())
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        if bookmarking.bookmark_of(member(), post) is None:
            limits.check_bookmark(member())
        bookmarking.keep(post, member(), form.note.data, when)


def _page(
    thread_id: int, number: int, form: BookmarkForm, is_kept: bool = False, status: int = 200
) -> tuple[str, int]:
    shown = shown_or_404(thread_id)
    page = render_template(
        "forum/bookmark.html",
        shown=shown,
        thread=shown.thread,
        number=number,
        form=form,
        is_kept=is_kept,
    )
    return page, status
