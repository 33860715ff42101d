"""Decisions as records."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.accounts.login import login_needed
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.notes import deciding
from app.notes.contents import one_decision
from app.notes.enums import DecisionStatus
from app.notes.views._page import (
    MOST_ID,
    decision_form_for,
    note_of,
    notes_to_write,
    notes_url,
    show_notes,
)

bp = Blueprint("decisions", __name__, url_prefix="/webinars/<int:webinar_id>/decisions")

Answer = str | Response | tuple[str, int]


@bp.post("")
@login_needed
def create(webinar_id: int) -> Answer:
    note_set = notes_to_write(webinar_id)
    form = decision_form_for(note_set)
    if not form.validate_on_submit():
        return show_notes(note_set, decision_form=form), 422
    note, status = note_of(form, note_set), DecisionStatus(form.status.data)
    with write():
        decision = deciding.decide(note_set, form.text.data, note, status)
    number = deciding.number_of(decision)
    flash(_("Recorded as %(number)s.", number=number))
    return redirect(notes_url(note_set, f"decision-{decision.id}"))


@bp.route("/<int:decision_id>/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int, decision_id: int) -> Answer:
    note_set, decision = _decision(webinar_id, decision_id)
    form = decision_form_for(
        note_set,
        data={
            "text": decision.text,
            "status": decision.status.value,
            "note": str(decision.note_id or ""),
            "lock_version": decision.lock_version,
        },
    )
    if not form.validate_on_submit():
        return _page(note_set, decision, form, 422 if form.errors else 200)
    note, status = note_of(form, note_set), DecisionStatus(form.status.data)
    version = form.lock_version.data
    try:
        with write():
            deciding.change_decision(decision, form.text.data, status, note, version)
    except DomainError as error:
        form.blame(error)
        form.lock_version.data = decision.lock_version
        return _page(note_set, decision, form, 409)
    flash(_("Saved."))
    return redirect(notes_url(note_set, f"decision-{decision.id}"))


def _decision(webinar_id: int, decision_id: int) -> Any:
    if decision_id >= MOST_ID:
        abort(404)
    note_set = notes_to_write(webinar_id)
    return note_set, first_or_404(one_decision(note_set, decision_id))


def _page(note_set: Any, decision: Any, form: Any, code: int) -> tuple[str, int]:
    page = render_template(
        "notes/decision.html", webinar=note_set.webinar, record=decision, form=form
    )
    return page, code
