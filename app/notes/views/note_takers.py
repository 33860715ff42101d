"""Who takes the notes of a webinar besides its organisers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.directory import people_meant
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import users_by_ids
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.person_form import PersonForm
from app.core.undo import flash_with_undo
from app.notes import note_takers
from app.notes.permissions import can_publish_notes
from app.notes.views._page import MOST_ID, webinar_or_404

bp = Blueprint("note_takers", __name__, url_prefix="/webinars/<int:webinar_id>/notes/takers")

Answer = str | Response | tuple[str, int]
MOST_FOUND = 20


@bp.route("", methods=["GET", "POST"])
@login_needed
def index(webinar_id: int) -> Answer:
    webinar = _webinar(webinar_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(form, webinar)
    found = form.meant(people_meant(member(), form.who.data, MOST_FOUND))
    if len(found) != 1:
        return _page(form, webinar, found)
    try:
        return _named(webinar, found[0])
    except DomainError as error:
        form.blame(error)
        return _page(form, webinar)


@bp.post("/<int:user_id>/remove")
@login_needed
def remove(webinar_id: int, user_id: int) -> Answer:
    webinar = _webinar(webinar_id)
    with write():
        was_one = user_id < MOST_ID and note_takers.release_note_taker(webinar, user_id, member())
    if was_one:
        undo = url_for("note_takers.restore", webinar_id=webinar_id, user_id=user_id)
        flash_with_undo(_("They no longer take these notes. What they wrote stays."), undo)
    return _back(webinar_id)


@bp.post("/<int:user_id>/restore")
@login_needed
def restore(webinar_id: int, user_id: int) -> Answer:
    """Undo a removal."""
    webinar = _webinar(webinar_id)
    person = users_by_ids([user_id]).get(user_id) if user_id < MOST_ID else None
    try:
        if person is not None and person.is_approved and person.active:
            return _named(webinar, person)
    except DomainError as error:
        flash(error.message, "warn")
    return _back(webinar_id)


def _named(webinar: Any, person: Any) -> Response:
    name, webinar_id = person.display_name, webinar.id
    with write():
        is_new = note_takers.name_note_taker(webinar, person, member())
    if is_new:
        undo = url_for("note_takers.remove", webinar_id=webinar_id, user_id=person.id)
        flash_with_undo(_("%(name)s takes these notes too.", name=name), undo)
    else:
        flash(_("%(name)s can write these notes already.", name=name))
    return _back(webinar_id)


def _back(webinar_id: int) -> Response:
    return redirect(url_for("note_takers.index", webinar_id=webinar_id))


def _webinar(webinar_id: int) -> Any:
    """404 for whoever does not see it, 403 for whoever may not say who takes notes."""
    webinar = webinar_or_404(webinar_id)
    require(can_publish_notes(viewer(), webinar))
    return webinar


def _page(form: PersonForm, webinar: Any, found: Any = ()) -> Answer:
    page = render_template(
        "notes/takers.html",
        form=form,
        webinar=webinar,
        takers=note_takers.note_takers_of(webinar),
        organisers=[seat.user for seat in webinar.organisers],
        found=found,
    )
    return (page, 422) if form.errors else page
