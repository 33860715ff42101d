"""Actions: who does what until when."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.i18n import _
from app.notes import deciding, owning
from app.notes.contents import one_action
from app.notes.forms import Number
from app.notes.views._page import (
    MOST_ID,
    action_form_for,
    note_of,
    notes_to_write,
    notes_url,
    show_notes,
)

bp = Blueprint("actions", __name__, url_prefix="/webinars/<int:webinar_id>/actions")

Answer = str | Response | tuple[str, int]


class StateForm(Form):
    lock_version = Number()


@bp.post("")
@login_needed
def create(webinar_id: int) -> Answer:
    note_set = notes_to_write(webinar_id)
    form = action_form_for(note_set)
    if not form.validate_on_submit():
        return show_notes(note_set, action_form=form), 422
    note = note_of(form, note_set)
    try:
        with write():
            owner = owning.owner_from(form.owner.data, form.owner_label.data)
            action = deciding.promise(note_set, form.text.data, owner, form.due_on.data, note)
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, action_form=form), 422
    flash(_("Recorded as %(number)s.", number=deciding.number_of(action)))
    return redirect(notes_url(note_set, f"action-{action.id}"))


@bp.route("/<int:action_id>/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int, action_id: int) -> Answer:
    note_set, action = _action(webinar_id, action_id)
    form = action_form_for(note_set, action, data=_typed(action))
    if not form.validate_on_submit():
        return _page(note_set, action, form, 422 if form.errors else 200)
    note, version = note_of(form, note_set), form.lock_version.data
    try:
        with write():
            owner = owning.owner_from(form.owner.data, form.owner_label.data)
            deciding.change_action(action, form.text.data, owner, form.due_on.data, note, version)
    except DomainError as error:
        form.blame(error)
        form.lock_version.data = action.lock_version
        return _page(note_set, action, form, 409)
    flash(_("Saved."))
    return redirect(notes_url(note_set, f"action-{action.id}"))


@bp.post("/<int:action_id>/finish")
@login_needed
def finish(webinar_id: int, action_id: int) -> Answer:
    return _turn(webinar_id, action_id, deciding.finish)


@bp.post("/<int:action_id>/drop")
@login_needed
def drop(webinar_id: int, action_id: int) -> Answer:
    return _turn(webinar_id, action_id, deciding.drop)


@bp.post("/<int:action_id>/reopen")
@login_needed
def reopen(webinar_id: int, action_id: int) -> Answer:
    return _turn(webinar_id, action_id, deciding.reopen)


def _turn(webinar_id: int, action_id: int, verb: Any) -> Answer:
    note_set, action = _action(webinar_id, action_id)
    form = StateForm()
    try:
        with write():
            verb(action, form.lock_version.data)
    except DomainError as error:
        flash(error.message)
        return show_notes(note_set), 409
    return redirect(notes_url(note_set, f"action-{action.id}"))


def _typed(action: Any) -> dict[str, Any]:
    return {
        "text": action.text,
        "owner": owning.choice_of(action),
        "owner_label": action.owner_label,
        "due_on": action.due_on,
        "note": str(action.note_id or ""),
        "lock_version": action.lock_version,
    }


def _action(webinar_id: int, action_id: int) -> Any:
    if action_id >= MOST_ID:
        abort(404)
    note_set = notes_to_write(webinar_id)
    return note_set, first_or_404(one_action(note_set, action_id))


def _page(note_set: Any, action: Any, form: Any, code: int) -> tuple[str, int]:
    page = render_template("notes/action.html", webinar=note_set.webinar, record=action, form=form)
    return page, code
