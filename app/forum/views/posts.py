"""Posts: adding one to a thread, or adding to one's last."""

from __future__ import annotations

from typing import Any, cast

from flask import Blueprint, flash, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.drafting import settle_draft
from app.accounts.login import member, viewer
from app.core.bodies import checks_token_itself, takes_files
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.forum import attaching, editing, limits, posting, replying, turn_taking
from app.forum.about_thread import JustThread
from app.forum.errors import MayNotWrite, ThreadLocked, ThreadMerged, TooLongTogether
from app.forum.forms import LONGEST_BODY, ReplyForm
from app.forum.glancing import Glance
from app.forum.paging import page_count
from app.forum.permissions import rights_in_thread
from app.forum.queries import one_thread, where_thread_went
from app.forum.views._attaching import take_files
from app.forum.views._composer import make_ready
from app.forum.views._drafts import SessionEnded, is_stale, keep_draft
from app.forum.views._page import glance_or_404, thread_page, to_post
from app.forum.views._plain import plain_reply

bp = Blueprint("posts", __name__)


@bp.post("/threads/<int:thread_id>/posts")
@checks_token_itself
@takes_files
def create(thread_id: int) -> Response | tuple[str, int]:
    """Reply. Whatever goes wrong, the text comes back."""
    try:
        return _create(thread_id)
    except NotFound:
        return _merged_meanwhile(thread_id)


def _create(thread_id: int) -> Response | tuple[str, int]:
    """A plain text needs nothing of the page: the transaction asks it all."""
    sent = plain_reply() if viewer() is not None else None
    if sent is None:
        return _with_its_page(thread_id, ReplyForm())
    try:
        return _reply(thread_id, sent)
    except DomainError as error:
        return _refused(thread_id, ReplyForm(), error)


def _with_its_page(thread_id: int, form: ReplyForm) -> Response | tuple[str, int]:
    shown = glance_or_404(thread_id)
    make_ready(form, shown)
    if viewer() is None:
        form.blame(SessionEnded())
        return _again(shown, form, 401)
    if refusal := _refusal(shown):
        form.blame(refusal)
        return _again(shown, form, 403)
    if is_stale(form):
        return _again(shown, form, 422)
    if status := take_files(form.files):
        return _again(glance_or_404(thread_id), form, status)
    if "save_draft" in request.form:
        return _save_draft(glance_or_404(thread_id), form)
    if not form.validate():
        return _again(shown, form, 422)
    try:
        if "append" in request.form:
            return _append(shown, form)
        return _reply(thread_id, _sent(form))
    except DomainError as error:
        return _refused(thread_id, form, error)


def _refused(thread_id: int, form: ReplyForm, error: DomainError) -> tuple[str, int]:
    """The page as it is now, with what was typed."""
    shown = glance_or_404(thread_id)
    refusal = _refusal(shown)
    make_ready(form, shown).blame(refusal or error)
    return _again(shown, form, 403 if refusal else error.status)


def _sent(form: ReplyForm) -> replying.Sent:
    return replying.Sent(
        posting.text_of(form.body.data, form.text_language()),
        form.speaks_as.data,
        form.reply_to.data,
        form.files.data,
        form.draft_sequence.data or 0,
    )


def _reply(thread_id: int, sent: replying.Sent) -> Response:
    author_id, done = member().id, _("Reply posted.")  # the commit forgets whose language it is
    with write():
        answer = _to(replying.add_reply(author_id, thread_id, sent))
    flash(done, "ok")
    return answer


def _to(post: Any) -> Response:
    """To a post. Made before the commit, so that nothing has to be read again for it."""
    return to_post(cast(Any, JustThread(post.thread)), post.number)


def _append(shown: Glance, form: ReplyForm) -> Response:
    """Rendered before the transaction; a post that changed meanwhile is not overwritten."""
    last = turn_taking.last_own_post(member(), shown.thread)
    together = f"{last.body}\n\n{form.body.data}"
    if len(together) > LONGEST_BODY:
        raise TooLongTogether
    text = posting.text_of(together, last.language)
    based_on, thread_id = editing.version_of(last), shown.thread.id
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        posting.lock_row(thread.id)
        require(rights_in_thread(viewer(), thread).can_reply)
        limits.check_edit(member(), thread.topic, text)
        post = turn_taking.append(thread, member(), text, based_on)
        attaching.attach_files(post, member(), form.files.data)
        _settle(thread_id, form)
        answer = _to(post)
    flash(_("Added to your last post."), "ok")
    return answer


def _settle(thread_id: int, form: ReplyForm) -> None:
    sequence = form.draft_sequence.data or 0
    settle_draft(member(), f"reply:{thread_id}", form.body.data, sequence)


def _refusal(shown: Glance) -> DomainError | None:
    """Why this person cannot add to the thread, in words."""
    if shown.thread.is_locked:
        return ThreadLocked()
    return None if shown.rights.can_reply else MayNotWrite()


def _merged_meanwhile(thread_id: int) -> tuple[str, int]:
    """The thread was merged into another while somebody wrote: the text goes on there."""
    thread = where_thread_went(viewer(), thread_id)
    if thread is None:
        raise NotFound
    shown = glance_or_404(thread.id)
    form = make_ready(ReplyForm(), shown)
    form.reply_to.data = None
    form.blame(ThreadMerged())
    return _again(shown, form, 409)


def _again(shown: Glance, form: ReplyForm, status: int) -> tuple[str, int]:
    return thread_page(shown, page_count(shown.thread.last_number), form, status)


def _save_draft(shown: Glance, form: ReplyForm) -> Response | tuple[str, int]:
    thread_id = shown.thread.id
    if keep_draft(form, f"reply:{thread_id}"):
        shown = glance_or_404(thread_id)
        return to_post(shown, shown.thread.last_number)
    return _again(glance_or_404(thread_id), form, 422)
