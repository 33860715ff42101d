"""The organisers' quick polls: written before the hour, opened in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.clock import utcnow
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _, ngettext
from app.core.undo import flash_with_undo
from app.polls import writing
from app.polls.forms import CopyForm, PollForm
from app.polls.opening import is_its_time
from app.polls.queries import one_poll, one_removed_poll
from app.polls.showing import organisers_polls
from app.polls.views._polls import managed, managed_poll
from app.webinars.phases import is_over
from app.webinars.queries import organised_by

bp = Blueprint("quick_polls", __name__)

Answer = str | Response | tuple[str, int]


@bp.route("/webinars/<int:webinar_id>/polls", methods=["GET", "POST"])
@login_needed
def index(webinar_id: int) -> Answer:
    webinar = managed(webinar_id)
    form = PollForm()
    if not form.validate_on_submit():
        return _page(webinar, form, CopyForm())
    try:
        with write():
            writing.write(webinar, form.texts(), member())
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), form, CopyForm())
    flash(_("Saved. Nobody sees the poll before you open it."), "ok")
    return redirect(url_for("quick_polls.index", webinar_id=webinar_id))


@bp.route("/webinars/<int:webinar_id>/polls/<int:poll_id>/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int, poll_id: int) -> Answer:
    webinar, poll = managed_poll(webinar_id, poll_id)
    form = PollForm(data=_typed(poll))
    if not form.validate_on_submit():
        return _edit_page(webinar, poll, form)
    try:
        with write():
            writing.rewrite(poll, form.texts(), form.version.data, member())
    except DomainError as error:
        form.blame(error)
        webinar, poll = managed_poll(webinar_id, poll_id)
        form.version.data = poll.lock_version
        return _edit_page(webinar, poll, form)
    flash(_("Saved."), "ok")
    return redirect(url_for("quick_polls.index", webinar_id=webinar_id, _anchor=f"poll-{poll_id}"))


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/move")
@login_needed
def move(webinar_id: int, poll_id: int) -> Response:
    _webinar, poll = managed_poll(webinar_id, poll_id)
    with write():
        writing.move(poll, up=request.form.get("way") == "up")
    return redirect(url_for("quick_polls.index", webinar_id=webinar_id, _anchor=f"poll-{poll_id}"))


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/delete")
@login_needed
def delete(webinar_id: int, poll_id: int) -> Response:
    poll = _kept_or_removed(webinar_id, poll_id)
    with write():
        writing.remove(poll, member())
    undo = url_for("quick_polls.restore", webinar_id=webinar_id, poll_id=poll_id)
    flash_with_undo(_("The poll is deleted. You can bring it back within 24 hours."), undo)
    return redirect(url_for("quick_polls.index", webinar_id=webinar_id))


@bp.post("/webinars/<int:webinar_id>/polls/<int:poll_id>/restore")
@login_needed
def restore(webinar_id: int, poll_id: int) -> Response:
    poll = _kept_or_removed(webinar_id, poll_id)
    try:
        with write():
            writing.restore(poll, member())
        flash(_("The poll is back."), "ok")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("quick_polls.index", webinar_id=webinar_id, _anchor=f"poll-{poll_id}"))


@bp.post("/webinars/<int:webinar_id>/polls/copies")
@login_needed
def copy(webinar_id: int) -> Answer:
    """The words only, into another webinar of the viewer's own."""
    webinar = managed(webinar_id)
    form = CopyForm()
    form.webinar_id.choices = _targets(webinar)
    if not form.validate():
        return _page(webinar, PollForm(formdata=None), form)
    target = managed(int(form.webinar_id.data))
    try:
        with write():
            count = writing.copy_texts(webinar_id, target, member().id)
    except DomainError as error:
        form.blame(error)
        return _page(managed(webinar_id), PollForm(formdata=None), form)
    flash(ngettext("One poll is copied.", "%(num)s polls are copied.", count), "ok")
    return redirect(url_for("quick_polls.index", webinar_id=target.id))


def _kept_or_removed(webinar_id: int, poll_id: int) -> Any:
    """A button that was pressed twice is no error."""
    managed(webinar_id)
    poll = db.session.scalars(one_removed_poll(webinar_id, poll_id)).first()
    return poll or first_or_404(one_poll(webinar_id, poll_id))


def _page(webinar: Any, form: PollForm, copy_form: CopyForm) -> Answer:
    copy_form.webinar_id.choices = _targets(webinar)
    page = render_template(
        "polls/polls.html",
        webinar=webinar,
        rows=organisers_polls(webinar),
        form=form,
        copy_form=copy_form,
        is_its_time=is_its_time(webinar),
        can_rewrite=writing.can_rewrite,
    )
    return (page, 422) if form.errors or copy_form.errors else page


def _edit_page(webinar: Any, poll: Any, form: PollForm) -> Answer:
    if not writing.can_rewrite(poll) and not form.errors:
        abort(403)
    page = render_template("polls/poll.html", webinar=webinar, poll=poll, form=form)
    return (page, 422) if form.errors else page


def _typed(poll: Any) -> dict[str, Any]:
    return {
        "question": poll.question,
        "options": "\n".join(option.label for option in poll.options),
        "is_multiple": poll.is_multiple,
        "results": poll.results.value,
        "version": poll.lock_version,
    }


def _targets(webinar: Any) -> list[tuple[str, str]]:
    others = db.session.scalars(organised_by(member()))
    coming = [one for one in others if not is_over(one, utcnow())]
    return [(str(one.id), one.title) for one in coming if one.id != webinar.id]
