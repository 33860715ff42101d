"""The text under one agenda item: write it, settle a clash, look back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.drafting import delete_draft
from app.accounts.login import login_needed, member
from app.accounts.queries import draft_for
from app.core.db import first_or_404, write
from app.core.i18n import _
from app.core.markup import render
from app.notes import clashing, writing
from app.notes.forms import NoteForm, NoteSettingsForm, resolve_form
from app.notes.queries import one_note, one_revision, revisions_of
from app.notes.views._page import MOST_ID, notes_to_write, notes_url, show_notes

bp = Blueprint("sections", __name__, url_prefix="/webinars/<int:webinar_id>/notes/<int:note_id>")

Answer = str | Response | tuple[str, int]


@bp.route("/edit", methods=["GET", "POST"])
@login_needed
def edit(webinar_id: int, note_id: int) -> Answer:
    note_set, note = _note(webinar_id, note_id)
    form = NoteForm()
    if form.validate_on_submit():
        return _save(note_set, note, form.body.data, form.base_revision.data)
    draft = None
    if request.method != "POST":
        draft = draft_for(member(), _context(note))
        form = _form_for(note, draft.fields if draft else {})
    page = show_notes(note_set, editing=note, note_form=form, draft=draft)
    return (page, 422) if form.errors else page


@bp.route("/clashes/<int:number>", methods=["GET", "POST"])
@login_needed
def resolve(webinar_id: int, note_id: int, number: int) -> Answer:
    """Choose, paragraph by paragraph, between a kept text and the newest one."""
    note_set, note = _note(webinar_id, note_id)
    clash = clashing.clash_of(note, _revision(note, number))
    form = resolve_form(clash.count)
    if form.validate_on_submit():
        body = clash.settled(
            [(form[f"choice{n}"].data, form[f"own{n}"].data) for n in range(clash.count)]
        )
        return _save(note_set, note, body, form["theirs"].data)
    page = _clash_page(note_set, note, clash, form)
    return (page, 422) if form.errors else page


@bp.get("/history")
@login_needed
def history(webinar_id: int, note_id: int) -> Answer:
    note_set, note = _note(webinar_id, note_id)
    revisions = revisions_of(note)
    later = _chosen("to", revisions, note.head)
    earlier = _chosen("from", revisions, later.base if later else 0)
    changes = writing.compare(earlier.body if earlier else "", later.body if later else "")
    return render_template(
        "notes/history.html",
        webinar=note_set.webinar,
        note=note,
        revisions=revisions,
        earlier=earlier,
        later=later,
        changes=changes,
    )


@bp.post("/history/<int:number>/restore")
@login_needed
def restore(webinar_id: int, note_id: int, number: int) -> Answer:
    note_set, note = _note(webinar_id, note_id)
    revision = _revision(note, number)
    with write():
        writing.restore(revision, note, member())
    flash(_("The earlier text is on top again. The newer one stays in the history."))
    return redirect(notes_url(note_set, f"note-{note.position}"))


@bp.post("/settings")
@login_needed
def describe(webinar_id: int, note_id: int) -> Answer:
    note_set, note = _note(webinar_id, note_id)
    form = NoteSettingsForm()
    with write():
        writing.describe(
            note,
            is_for_practitioners=form.is_for_practitioners.data,
            is_treated=not form.is_not_treated.data,
        )
    return redirect(notes_url(note_set, f"note-{note.position}"))


def _save(note_set: Any, note: Any, body: str, base: int) -> Answer:
    html = render(body).html
    with write():
        outcome = writing.save_note(note, body, html, base, member())
        delete_draft(member(), _context(note))
    if isinstance(outcome, writing.Clash):
        clash = clashing.clash_of(note, outcome.branch)
        return _clash_page(note_set, note, clash, resolve_form(clash.count, is_new=True)), 409
    if isinstance(outcome, writing.Merged):
        flash(_said_merged(outcome))
    else:
        flash(_("Saved."))
    return redirect(notes_url(note_set, f"note-{note.position}"))


def _said_merged(outcome: writing.Merged) -> str:
    author = outcome.theirs.author
    if author is None:
        return _("Saved, and joined with changes made in the meantime.")
    return _("Saved, and joined with the changes of %(name)s.", name=author.display_name)


def _clash_page(note_set: Any, note: Any, clash: clashing.Clashing, form: Any) -> str:
    form["theirs"].data = clash.theirs_number
    action = url_for(
        "sections.resolve", webinar_id=note_set.webinar_id, note_id=note.id, number=clash.number
    )
    return render_template(
        "notes/clash.html",
        webinar=note_set.webinar,
        note=note,
        clash=clash,
        form=form,
        action=action,
    )


def _form_for(note: Any, typed: dict[str, str]) -> NoteForm:
    head = writing.revision_of(note, note.head)
    form = NoteForm(formdata=None)
    form.body.data = typed.get("body", head.body if head else "")
    base = typed.get("base_revision", "")
    form.base_revision.data = int(base) if base.isdecimal() and len(base) < 9 else note.head
    return form


def _note(webinar_id: int, note_id: int) -> Any:
    if note_id >= MOST_ID:
        abort(404)
    note_set = notes_to_write(webinar_id)
    return note_set, first_or_404(one_note(note_set, note_id))


def _revision(note: Any, number: int) -> Any:
    if number >= MOST_ID:
        abort(404)
    return first_or_404(one_revision(note, number))


def _chosen(name: str, revisions: list[Any], otherwise: int) -> Any:
    read = request.args.get(name, "")
    number = int(read) if read.isascii() and read.isdecimal() and len(read) < 9 else otherwise
    return next((revision for revision in revisions if revision.number == number), None)


def _context(note: Any) -> str:
    return f"note:{note.id}"
