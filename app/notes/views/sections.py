"""The text under one agenda item: write it, settle a clash, look back."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from app.accounts.drafting import settle_draft
from app.accounts.login import login_needed, member, viewer
from app.accounts.queries import draft_for
from app.core.bodies import checks_token_itself
from app.core.db import first_or_404, write
from app.core.i18n import _
from app.core.markup import render
from app.notes import clashing, writing
from app.notes.contents import one_revision, revisions_of
from app.notes.deciding import number_of
from app.notes.forms import NoteForm, NoteSettingsForm, resolve_form
from app.notes.line_records import made_with
from app.notes.reading import record_words, section_of
from app.notes.views._page import MOST_ID, note_to_write, note_url, show_notes
from app.notes.views._stale import SessionEnded, is_stale, stale_answer, wants_json

bp = Blueprint("sections", __name__, url_prefix="/webinars/<int:webinar_id>/notes/<int:note_id>")

Outcome = writing.Saved | writing.Merged | writing.Clash
Answer = str | Response | tuple[str, int] | tuple[Response, int]


@bp.get("")
@login_needed
def show(webinar_id: int, note_id: int) -> Answer:
    """One section as it stands now, for the page that has it open."""
    note_set, note = note_to_write(webinar_id, note_id)
    return _part(note_set, note) if _asks_for_part() else redirect(note_url(note))


@bp.route("/edit", methods=["GET", "POST"])
@checks_token_itself
def edit(webinar_id: int, note_id: int) -> Answer:
    """Write in a section. Whatever goes wrong, the text comes back."""
    if viewer() is None and request.method == "POST":
        return _kept(webinar_id, note_id)
    return _edit(webinar_id, note_id)


@login_needed
def _edit(webinar_id: int, note_id: int) -> Answer:
    note_set, note = note_to_write(webinar_id, note_id)
    form, draft = NoteForm(), None
    if request.method != "POST":
        form, draft = _form_for(note)
    elif is_stale(form):
        return stale_answer(form) if wants_json() else (_page(note_set, note, form), 422)
    elif form.validate():
        return _save(note_set, note, form)
    elif wants_json():
        return jsonify(said=" ".join(form.body.errors)), 422
    if _asks_for_part():
        return _part(note_set, note, note_form=form, draft=draft)
    page = _page(note_set, note, form, draft)
    return (page, 422) if form.errors else page


@bp.route("/clashes/<int:number>", methods=["GET", "POST"])
@login_needed
def resolve(webinar_id: int, note_id: int, number: int) -> Answer:
    """Choose, paragraph by paragraph, between a kept text and the newest one.

    Choices made beside a text that is no longer the newest are asked for again.
    """
    note_set, note = note_to_write(webinar_id, note_id)
    clash = clashing.clash_of(note, _revision(note, number))
    form = resolve_form(clash.count)
    if form.is_submitted() and form["theirs"].data != clash.theirs_number:
        return _clash_page(note_set, note, clash, _asked_again(form, clash.count)), 409
    if form.validate_on_submit():
        body = clash.settled(
            [(form[f"choice{n}"].data, form[f"own{n}"].data) for n in range(clash.count)]
        )
        return _after(note_set, note, _saved(note, body, form["theirs"].data, 0))
    page = _clash_page(note_set, note, clash, form)
    return (page, 422) if form.errors else page


@bp.get("/history")
@login_needed
def history(webinar_id: int, note_id: int) -> Answer:
    note_set, note = note_to_write(webinar_id, note_id)
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
    _note_set, note = note_to_write(webinar_id, note_id)
    revision = _revision(note, number)
    with write():
        writing.restore(revision, note, member())
    flash(_("The earlier text is on top again. The newer one stays in the history."))
    return redirect(note_url(note))


@bp.post("/settings")
@login_needed
def describe(webinar_id: int, note_id: int) -> Answer:
    _note_set, note = note_to_write(webinar_id, note_id)
    form = NoteSettingsForm()
    with write():
        writing.describe(
            note,
            is_for_practitioners=form.is_for_practitioners.data,
            is_treated=not form.is_not_treated.data,
        )
    return redirect(note_url(note))


def _save(note_set: Any, note: Any, form: NoteForm) -> Answer:
    outcome = _saved(note, form.body.data, form.base_revision.data, form.draft_sequence.data)
    if wants_json():
        return _told(note_set, note, outcome)
    return _after(note_set, note, outcome)


def _saved(note: Any, body: str, base: int, sequence: int) -> Outcome:
    html = render(body).html
    with write():
        outcome = writing.save_note(note, body, html, base, member())
        settle_draft(member(), _context(note), body, sequence)
    return outcome


def _after(note_set: Any, note: Any, outcome: Outcome) -> Answer:
    if isinstance(outcome, writing.Clash):
        clash = clashing.clash_of(note, outcome.branch)
        return _clash_page(note_set, note, clash, resolve_form(clash.count, is_new=True)), 409
    flash(_said(outcome))
    return redirect(note_url(note))


def _told(note_set: Any, note: Any, outcome: Outcome) -> Answer:
    """For the script: the newest text, or where to choose between two."""
    if isinstance(outcome, writing.Clash):
        number = outcome.branch.number
        return jsonify(clash=_clash_url(note_set, note, number)), 409
    merged = isinstance(outcome, writing.Merged)
    newest = {"head": note.head, "body": outcome.revision.body, "merged": merged}
    return jsonify(**newest, said=_said(outcome))


def _said(outcome: writing.Saved | writing.Merged) -> str:
    saved = _said_merged(outcome) if isinstance(outcome, writing.Merged) else _("Saved.")
    numbers = ", ".join(number_of(record) for record in made_with(outcome.revision))
    return f"{saved} {_('Recorded: %(numbers)s.', numbers=numbers)}" if numbers else saved


def _said_merged(outcome: writing.Merged) -> str:
    author = outcome.theirs.author
    if author is None:
        return _("Saved, and joined with changes made in the meantime.")
    return _("Saved, and joined with the changes of %(name)s.", name=author.display_name)


def _clash_page(note_set: Any, note: Any, clash: clashing.Clashing, form: Any) -> str:
    draft = draft_for(member(), _context(note))
    form["theirs"].data = clash.theirs_number
    for piece, number in clash.numbered():
        if piece.agreed is None and not form[f"own{number}"].data:
            form[f"own{number}"].data = piece.mine  # who writes anew begins with their own words
    return render_template(
        "notes/clash.html",
        webinar=note_set.webinar,
        note=note,
        clash=clash,
        newer=draft if draft and clash.is_older_than(draft, member()) else None,
        edit_address=url_for("sections.edit", webinar_id=note_set.webinar_id, note_id=note.id),
        form=form,
        action=_clash_url(note_set, note, clash.number),
    )


def _asked_again(form: Any, clashes: int) -> Any:
    """A form without the choices, which were made for other words; own words stay."""
    newer = resolve_form(clashes, is_new=True)
    for number in range(clashes):
        newer[f"own{number}"].data = form[f"own{number}"].data
    return newer


def _clash_url(note_set: Any, note: Any, number: int) -> str:
    place = {"webinar_id": note_set.webinar_id, "note_id": note.id, "number": number}
    return url_for("sections.resolve", **place)


def _form_for(note: Any) -> tuple[NoteForm, Any]:
    """The newest text, or what this person had begun to write; that draft, if there is one."""
    head = writing.revision_of(note, note.head)
    body, base = head.body if head else "", note.head
    draft = draft_for(member(), _context(note))
    if draft is None or draft.fields.get("body", "") == body:
        return _filled(body, base, draft.sequence if draft else 0), None
    started = draft.fields.get("base_revision", "")
    base = int(started) if started.isdecimal() and len(started) < 9 else base
    return _filled(draft.fields.get("body", body), base, draft.sequence), draft


def _filled(body: str, base: int, sequence: int) -> NoteForm:
    form = NoteForm(formdata=None)
    form.body.data, form.base_revision.data, form.draft_sequence.data = body, base, sequence
    return form


def _page(note_set: Any, note: Any, form: NoteForm, draft: Any = None) -> str:
    return show_notes(note_set, editing=note, note_form=form, draft=draft)


def _part(note_set: Any, note: Any, **values: Any) -> str:
    """The section alone, for the page that is open."""
    return render_template(
        "notes/_section.html",
        section=section_of(note),
        page={"can_write": True, "words": record_words(note_set)},
        set=note_set,
        webinar=note_set.webinar,
        editing=note if values else None,
        **values,
    )


def _kept(webinar_id: int, note_id: int) -> Answer:
    """The session is over: the text is shown again, to be saved after signing in."""
    if wants_json():
        return jsonify(said=str(SessionEnded().message)), 401
    form = NoteForm()
    address = url_for("sections.edit", webinar_id=webinar_id, note_id=note_id)
    return render_template("notes/kept.html", form=form, address=address), 401


def _asks_for_part() -> bool:
    return "part" in request.args


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
