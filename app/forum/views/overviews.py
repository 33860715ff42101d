""" "Where this stands": writing it, and what it said before."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.accounts.login import member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.forum import limits, overviewing, posting
from app.forum.errors import OverviewConflict
from app.forum.forms import OverviewForm
from app.forum.permissions import can_update_overview, rights_in_thread
from app.forum.queries import one_post, one_thread
from app.forum.showing import Shown
from app.forum.views._kept import drafted, login_needed_for_text, settle
from app.forum.views._page import shown_or_404, thread_address

bp = Blueprint("overviews", __name__)

Answer = Response | tuple[str, int]


@bp.route("/threads/<int:thread_id>/overview", methods=["GET", "POST"])
@login_needed_for_text
def edit(thread_id: int) -> Answer:
    """Write it anew; a stale form never overwrites and never loses a text."""
    shown = shown_or_404(thread_id)
    require(can_update_overview(shown.rights))
    if request.method != "POST":
        return _page(shown, _form_for(shown))
    form = OverviewForm()
    if not form.validate():
        return _page(shown, form, 422)
    try:
        _save(thread_id, form)
    except OverviewConflict as error:
        form.blame(error)
        return _conflict(thread_id, form)
    except DomainError as error:
        form.blame(error)
        return _page(shown_or_404(thread_id), form, error.status)
    flash(_("Saved. It now stands on top of the thread."), "ok")
    return redirect(thread_address(shown_or_404(thread_id)))


@bp.get("/threads/<int:thread_id>/overview/history")
def history(thread_id: int) -> str:
    shown = shown_or_404(thread_id)
    versions = overviewing.versions_of(viewer(), thread_id)
    return render_template(
        "forum/overview_history.html", shown=shown, thread=shown.thread, versions=versions
    )


def _save(thread_id: int, form: OverviewForm) -> None:
    text = posting.text_of(form.body.data, form.language.data)
    with write():
        thread = first_or_404(one_thread(viewer(), thread_id))
        require(can_update_overview(rights_in_thread(viewer(), thread)))
        limits.check_edit(member(), thread.topic, text)
        overviewing.save_overview(thread, member(), text, form.based_on.data)
        settle(f"overview:{thread_id}", form)


def _form_for(shown: Shown) -> OverviewForm:
    """What is there now, or the text of the post whose number the address names."""
    now = overviewing.overview_of(shown.thread)
    values: dict[str, Any] = {
        "based_on": now.revision if now else 0,
        "body": now.body if now else "",
    }
    values |= {"started_from": now.body if now else ""}
    number = request.args.get("post", "")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        offered = db.session.scalars(one_post(viewer(), shown.thread.id, int(number))).first()
        values |= {"body": offered.body} if offered else {}
    else:
        values |= _drafted(shown.thread.id)
    language = now.language if now else shown.thread.language
    return OverviewForm(formdata=None, data={"language": language, **values})


def _drafted(thread_id: int) -> dict[str, Any]:
    """A draft goes on from the text it was begun on: somebody may have been faster since."""
    names = ("body", "language", "based_on", "started_from")
    values = drafted(f"overview:{thread_id}", *names)
    begun = str(values.pop("based_on", ""))
    return values | ({"based_on": int(begun)} if begun.isdecimal() else {})


def _conflict(thread_id: int, form: OverviewForm) -> Answer:
    """All texts on one page; saving again is then based on what is there now."""
    shown = shown_or_404(thread_id)
    now = overviewing.overview_of(shown.thread)
    before = form.started_from.data
    form.based_on.data, form.based_on.raw_data = now.revision if now else 0, None
    form.started_from.data = there = now.body if now else ""
    return _page(shown, form, 409, there=there, before=before)


def _page(
    shown: Shown,
    form: OverviewForm,
    status: int = 200,
    there: str | None = None,
    before: str | None = None,
) -> Answer:
    return render_template(
        "forum/overview_form.html",
        shown=shown,
        thread=shown.thread,
        form=form,
        there=there,
        before=before,
    ), status
