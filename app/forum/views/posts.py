"""Posts: adding one to a thread."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.accounts.drafting import delete_draft
from app.accounts.login import member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.forum import limits, posting
from app.forum.errors import MayNotWrite, ThreadLocked, TooSoon
from app.forum.forms import ReplyForm
from app.forum.paging import page_count
from app.forum.permissions import can_reply
from app.forum.queries import one_thread
from app.forum.showing import Shown
from app.forum.views._drafts import keep_draft
from app.forum.views._page import shown_or_404, thread_page, to_post

bp = Blueprint("posts", __name__)


@bp.post("/threads/<int:thread_id>/posts")
def create(thread_id: int) -> Response | tuple[str, int]:
    """Reply. Whatever goes wrong, the text comes back."""
    shown = shown_or_404(thread_id)
    form = ReplyForm()
    if viewer() is None:
        form.blame(_SessionEnded())
        return _again(shown, form, 401)
    if refusal := _refusal(shown):
        form.blame(refusal)
        return _again(shown, form, 403)
    if "save_draft" in request.form:
        return _save_draft(shown, form)
    if not form.validate():
        return _again(shown, form, 422)
    try:
        number = _reply(thread_id, form)
    except TooSoon as error:
        form.blame(error)
        return _again(shown_or_404(thread_id), form, 429)
    except DomainError as error:
        form.blame(error)
        return _again(shown_or_404(thread_id), form, 422)
    return to_post(shown_or_404(thread_id), number)


def _reply(thread_id: int, form: ReplyForm) -> int:
    text = posting.text_of(form.body.data, form.language.data)
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        posting.lock_row(thread.id)
        require(can_reply(viewer(), thread))
        limits.check_reply(member(), text.body)
        post = posting.reply(thread, member(), text, reply_to=form.reply_to.data)
        delete_draft(member(), f"reply:{thread_id}")
        return post.number


def _refusal(shown: Shown) -> DomainError | None:
    """Why this person cannot add to the thread, in words."""
    if shown.thread.is_locked:
        return ThreadLocked()
    return None if can_reply(viewer(), shown.thread) else MayNotWrite()


def _again(shown: Shown, form: ReplyForm, status: int) -> tuple[str, int]:
    return thread_page(shown, page_count(shown.thread.last_number), form, status)


def _save_draft(shown: Shown, form: ReplyForm) -> Response | tuple[str, int]:
    thread_id = shown.thread.id
    fields = {"body": form.body.data or "", "language": form.language.data or ""}
    if keep_draft(form, f"reply:{thread_id}", fields):
        shown = shown_or_404(thread_id)
        return to_post(shown, shown.thread.last_number)
    return _again(shown_or_404(thread_id), form, 422)


class _SessionEnded(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Your session ended. Sign in in another tab, then come back here and send again."),
            "body",
        )
