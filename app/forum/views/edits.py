"""Posts: changing them, adding to those that stay as they are, and what they said before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import is_admin
from app.core.bodies import takes_files
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.files.fields import attachment_of
from app.files.showing import FileRow
from app.forum import attaching, editing, limits, posting, recalling
from app.forum.enums import EditWay
from app.forum.errors import EditConflict
from app.forum.forms import AddendumForm, EditForm
from app.forum.permissions import can_edit_post, can_mark_wiki, edit_way_of, rights_in_thread
from app.forum.queries import one_post
from app.forum.views._acts import attempt
from app.forum.views._attaching import take_files
from app.forum.views._kept import drafted, login_needed_for_text, settle
from app.forum.views._page import shown_or_404, to_post
from app.topics.queries import stewards_of

bp = Blueprint("edits", __name__)

Answer = Response | str | tuple[str, int]


@bp.route("/threads/<int:thread_id>/posts/<int:number>/edit", methods=["GET", "POST"])
@login_needed_for_text
@takes_files
def edit(thread_id: int, number: int) -> Answer:
    """Change a post; a stale form never overwrites and never loses a text."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    way = edit_way_of(viewer(), post)
    if way is EditWay.ASK_STEWARD:
        return _ask_steward(thread_id, number)
    if way is EditWay.ADDENDUM:
        return _addendum_page(thread_id, number, AddendumForm(formdata=None), _status_of_form())
    require(way is not None)
    if request.method != "POST":
        return _edit_page(thread_id, number, _form_of(post))
    form = EditForm()
    if status := take_files(form.files, _files_there(post)):
        return _edit_page(thread_id, number, form, status)
    if not form.validate():
        return _edit_page(thread_id, number, form, 422)
    try:
        _edit(thread_id, number, form)
    except EditConflict as error:
        form.blame(error)
        return _conflict(thread_id, number, form)
    except DomainError as error:
        form.blame(error)
        return _edit_page(thread_id, number, form, error.status)
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/addenda")
@login_needed_for_text
def add(thread_id: int, number: int) -> Answer:
    """Add words below a text that stays; the earlier text is not touched."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    require(edit_way_of(viewer(), post) is EditWay.ADDENDUM)
    form = AddendumForm()
    if not form.validate():
        return _addendum_page(thread_id, number, form, 422)
    try:
        _add(thread_id, number, form)
    except DomainError as error:
        form.blame(error)
        return _addendum_page(thread_id, number, form, error.status)
    flash(_("Added, with today's date."), "ok")
    return to_post(shown_or_404(thread_id), number)


@bp.post("/threads/<int:thread_id>/posts/<int:number>/wiki")
@login_needed
def wiki(thread_id: int, number: int) -> Response:
    """Open a post to everybody who may reply, or close it again."""
    is_open = request.form.get("open") == "1"

    def mark() -> None:
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(can_mark_wiki(viewer(), post))
        editing.mark_wiki(post, member(), is_open=is_open)

    opened = _("Everybody who may reply here can now edit this post.")
    closed = _("Only its author and stewards can now edit this post.")
    if attempt(mark):
        flash(opened if is_open else closed, "ok")
    return to_post(shown_or_404(thread_id), number)


@bp.get("/threads/<int:thread_id>/posts/<int:number>/history")
def history(thread_id: int, number: int) -> str:
    """What a post said before; who reads the post reads this."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    is_steward = rights_in_thread(viewer(), post.thread).is_steward
    sees_hidden = is_steward or is_admin(viewer())
    return render_template(
        "forum/history.html",
        post=post,
        thread=post.thread,
        changes=recalling.history_of(viewer(), post, sees_hidden=sees_hidden),
        titles=recalling.titles_of(post.thread) if number == 1 else [],
        is_side_by_side=request.args.get("view") == "sides",
        is_steward=is_steward,
        is_admin=is_admin(viewer()),
        my_id=viewer_id() if viewer_id() == post.author_id else None,
    )


def viewer_id() -> int | None:
    person = viewer()
    return person.id if person else None


def _form_of(post: Any) -> EditForm:
    files = [attachment_of(file) for file in _files_there(post)]
    names = ("body", "language", "reason", "based_on", "started_from")
    begun = drafted(_context(post.thread_id, post.number), *names)
    return EditForm(formdata=None, data=editing.as_it_is(post) | {"files": files} | begun)


def _context(thread_id: int, number: int) -> str:
    return f"edit:{thread_id}:{number}"


def _files_there(post: Any) -> list[FileRow]:
    return attaching.files_of([post.id]).get(post.id, []) if post.file_count else []


def _edit(thread_id: int, number: int, form: EditForm) -> None:
    text = posting.text_of(form.body.data, form.language.data)
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(can_edit_post(viewer(), post))
        is_steward = rights_in_thread(viewer(), post.thread).is_steward
        limits.check_edit(member(), post.thread.topic, text)
        editing.edit_post(
            post,
            member(),
            text,
            form.based_on.data or "",
            form.reason.data,
            is_steward=is_steward,
            files=form.files.data,
        )
        settle(_context(thread_id, number), form)


def _add(thread_id: int, number: int, form: AddendumForm) -> None:
    """Rendered before the transaction: a text that changed meanwhile is asked for again."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    text, based_on = editing.with_addendum(post, form.body.data), editing.version_of(post)
    with write():
        post = first_or_404(one_post(viewer(), thread_id, number))
        require(edit_way_of(viewer(), post) is EditWay.ADDENDUM)
        limits.check_edit(member(), post.thread.topic, text)
        editing.add_to_post(post, member(), text, based_on)


def _status_of_form() -> int:
    """A text sent to a post that takes additions only meanwhile is answered by that form."""
    return 200 if request.method != "POST" else 409


def _edit_page(
    thread_id: int,
    number: int,
    form: EditForm,
    status: int = 200,
    there: str | None = None,
    before: str | None = None,
) -> tuple[str, int]:
    shown = shown_or_404(thread_id)
    post = first_or_404(one_post(viewer(), thread_id, number))
    return render_template(
        "forum/post_form.html",
        form=form,
        shown=shown,
        thread=shown.thread,
        number=number,
        there=there,
        before=before,
        as_steward=edit_way_of(viewer(), post) is EditWay.AS_STEWARD,
    ), status


def _conflict(thread_id: int, number: int, form: EditForm) -> tuple[str, int]:
    """All texts on one page; saving again is then based on what is there now."""
    post = first_or_404(one_post(viewer(), thread_id, number))
    before, there = form.started_from.data, post.body
    form.based_on.data, form.started_from.data = editing.version_of(post), there
    return _edit_page(thread_id, number, form, 409, there=there, before=before)


def _addendum_page(thread_id: int, number: int, form: AddendumForm, status: int) -> tuple[str, int]:
    shown = shown_or_404(thread_id)
    post = first_or_404(one_post(viewer(), thread_id, number))
    page = render_template(
        "forum/addendum_form.html",
        form=form,
        shown=shown,
        thread=shown.thread,
        post=post,
        typed=request.form.get("body", "") if status == 409 else "",
    )
    return page, status


def _ask_steward(thread_id: int, number: int) -> Answer:
    """After 30 days: who can change it now."""
    shown = shown_or_404(thread_id)
    page = render_template(
        "forum/ask_steward.html",
        shown=shown,
        thread=shown.thread,
        number=number,
        stewards=db.session.scalars(stewards_of(shown.thread.topic)).all(),
        typed=request.form.get("body", ""),
    )
    return page, 403 if request.method == "POST" else 200
