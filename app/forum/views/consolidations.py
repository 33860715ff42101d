"""The consolidated reply of a time-boxed question."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import member, viewer
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.forum import consolidating, limits, posting
from app.forum.forms import ConsolidatedForm
from app.forum.permissions import can_consolidate, can_consolidate_now
from app.forum.queries import one_thread
from app.forum.showing import Shown
from app.forum.views._kept import drafted, login_needed_for_text, settle
from app.forum.views._page import shown_or_404, to_post

bp = Blueprint("consolidations", __name__)


@bp.route("/threads/<int:thread_id>/consolidated-reply", methods=["GET", "POST"])
@login_needed_for_text
def create(thread_id: int) -> Response | tuple[str, int]:
    """Begin with the first words of everybody, end with a post of one's own."""
    shown = shown_or_404(thread_id)
    require(can_consolidate(viewer(), shown.thread, shown.rights))
    if request.method != "POST" and (done := shown.thread.consolidated_number):
        return to_post(shown, done)
    if request.method != "POST":
        return _page(shown, _form_for(shown))
    form = ConsolidatedForm()
    if not form.validate():
        return _page(shown, form, 422)
    try:
        number = _post(thread_id, form)
    except DomainError as error:
        form.blame(error)
        return _page(shown_or_404(thread_id), form, error.status)
    flash(_("Posted. You can now say on top of the thread where this stands."), "ok")
    return redirect(url_for("overviews.edit", thread_id=thread_id, post=number))


def _form_for(shown: Shown) -> ConsolidatedForm:
    body = consolidating.consolidated_draft(
        member(),
        shown.thread,
        lambda number: url_for("permalinks.show", thread_id=shown.thread.id, number=number),
    )
    values = {"body": body, "language": shown.thread.language}
    values |= drafted(f"consolidated:{shown.thread.id}", "body", "language")
    return ConsolidatedForm(formdata=None, data=values)


def _post(thread_id: int, form: ConsolidatedForm) -> int:
    text = posting.text_of(form.body.data, form.language.data)
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        require(can_consolidate_now(viewer(), thread))
        limits.check_reply(member(), thread, text)
        post = consolidating.post_consolidated(thread, member(), text)
        settle(f"consolidated:{thread_id}", form)
        return post.number


def _page(shown: Shown, form: ConsolidatedForm, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "forum/consolidated_form.html", shown=shown, thread=shown.thread, form=form
    )
    return page, status
