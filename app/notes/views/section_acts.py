"""Adding, naming, moving, removing sections; each act has one that takes it back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member
from app.core.db import write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.undo import flash_with_undo
from app.notes import sectioning
from app.notes.forms import HeadingForm
from app.notes.views._page import (
    note_to_write,
    note_url,
    notes_to_write,
    notes_url,
    section_form,
    show_notes,
)

bp = Blueprint("section_acts", __name__, url_prefix="/webinars/<int:webinar_id>/notes")

Answer = str | Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}


@bp.post("/sections")
@login_needed
def create(webinar_id: int) -> Answer:
    note_set = notes_to_write(webinar_id)
    form = section_form()
    if not form.validate_on_submit():
        return show_notes(note_set, section_form=form), 422
    try:
        with write():
            note = sectioning.add_section(note_set, form.heading.data, form.template.data)
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, section_form=form), 422
    flash_with_undo(_("The section is added."), _address("remove", note))
    return redirect(note_url(note))


@bp.post("/<int:note_id>/heading")
@login_needed
def rename(webinar_id: int, note_id: int) -> Answer:
    _note_set, note = note_to_write(webinar_id, note_id)
    form, before = HeadingForm(), note.heading
    if not form.validate_on_submit():
        return _refused(note, " ".join(form.heading.errors))
    try:
        with write():
            sectioning.rename_section(note, form.heading.data)
    except DomainError as error:
        return _refused(note, error.message)
    if form.heading.data != before:
        flash_with_undo(_("The section is renamed."), _address("rename", note), heading=before)
    return redirect(note_url(note))


@bp.post("/<int:note_id>/move")
@login_needed
def move(webinar_id: int, note_id: int) -> Answer:
    _note_set, note = note_to_write(webinar_id, note_id)
    step = STEPS.get(request.form.get("to", ""), 1)
    try:
        with write():
            sectioning.move_section(note, step)
    except DomainError as error:
        return _refused(note, error.message)
    return redirect(note_url(note))


@bp.post("/<int:note_id>/remove")
@login_needed
def remove(webinar_id: int, note_id: int) -> Answer:
    note_set, note = note_to_write(webinar_id, note_id)
    try:
        with write():
            sectioning.remove_section(note, member())
    except DomainError as error:
        return _refused(note, error.message)
    words = _("“%(heading)s” is removed. Its texts are kept.", heading=note.heading)
    flash_with_undo(words, _address("bring_back", note))
    return redirect(notes_url(note_set))


@bp.post("/<int:note_id>/back")
@login_needed
def bring_back(webinar_id: int, note_id: int) -> Answer:
    _note_set, note = note_to_write(webinar_id, note_id)
    try:
        with write():
            is_back = sectioning.bring_back(note, member())
    except DomainError as error:
        return _refused(note, error.message)
    if is_back:
        flash_with_undo(_("The section is back."), _address("remove", note))
    return redirect(note_url(note))


def _refused(note: Any, words: str) -> Response:
    """The forms are of one line: what was typed is said in the sentence that refuses it."""
    flash(words, "warn")
    return redirect(note_url(note))


def _address(act: str, note: Any) -> str:
    place = {"webinar_id": note.note_set.webinar_id, "note_id": note.id}
    return url_for(f"section_acts.{act}", **place)
