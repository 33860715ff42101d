"""Corrections of a paragraph: propose, take back, accept, decline."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.core.personal_links import private
from app.notes import correcting, proposing, reviewing
from app.notes.agreeing import is_read
from app.notes.contents import one_note
from app.notes.forms import AnswerForm, CorrectionForm, resolve_form
from app.notes.permissions import can_read_notes
from app.notes.proposing import Proposer
from app.notes.queries import notes_of_webinar
from app.notes.views._page import MOST_ID, notes_to_publish, notes_url, show_notes, webinar_or_404
from app.notes.views._review import proposer_here, reads_whole
from app.notes.views.reviews import in_review_or_404

bp = Blueprint("corrections", __name__)

Answer = str | Response | tuple[str, int]
HERE = "/webinars/<int:webinar_id>/notes/<int:note_id>/corrections"
LINK = "/registrations/<token>/review/<int:note_id>"


@bp.route(f"{HERE}/new", methods=["GET", "POST"])
@login_needed
def new(webinar_id: int, note_id: int) -> Answer:
    note_set = _set_in_review(webinar_id)
    back = notes_url(note_set, "own")
    return _propose(note_set, note_id, proposer_here(note_set), back)


@bp.route(f"{LINK}/new", methods=["GET", "POST"])
def guest_new(token: str, note_id: int) -> Answer:
    note_set, who = in_review_or_404(token)
    back = url_for("reviews.guest", token=token, _anchor="own")
    return private(*_with_status(_propose(note_set, note_id, who, back, token)))


@bp.post(f"{HERE}/<int:correction_id>/withdraw")
@login_needed
def withdraw(webinar_id: int, note_id: int, correction_id: int) -> Answer:
    note_set = _set_in_review(webinar_id)
    _withdraw(note_set, note_id, correction_id, proposer_here(note_set))
    return redirect(notes_url(note_set, "own"))


@bp.post(f"{LINK}/<int:correction_id>/withdraw")
def guest_withdraw(token: str, note_id: int, correction_id: int) -> Answer:
    note_set, who = in_review_or_404(token)
    _withdraw(note_set, note_id, correction_id, who)
    return redirect(url_for("reviews.guest", token=token, _anchor="own"))


@bp.post(f"{HERE}/<int:correction_id>/accept")
@login_needed
def accept(webinar_id: int, note_id: int, correction_id: int) -> Answer:
    note_set, correction = _to_answer(webinar_id, note_id, correction_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _refused(note_set, form)
    version = form.lock_version.data
    try:
        with write():
            clash = correcting.accept(correction, version, member(), form.answer.data or "")
    except DomainError as error:
        return _told(note_set, error)
    if clash is not None:
        return _clash_page(correction, version), 409
    flash(_("The correction is in the text."))
    return redirect(notes_url(note_set, f"note-{correction.note.position}"))


@bp.post(f"{HERE}/<int:correction_id>/settle")
@login_needed
def settle(webinar_id: int, note_id: int, correction_id: int) -> Answer:
    """Choose between the proposal and newer words, paragraph by paragraph."""
    note_set, correction = _to_answer(webinar_id, note_id, correction_id)
    version, clash = _version_read(), correcting.clash_of(correction)
    form = resolve_form(clash.count)
    if form["theirs"].data != clash.theirs_number:
        return _clash_page(correction, version), 409
    if not form.validate_on_submit():
        return _clash_page(correction, version, form), 422
    body = clash.settled(
        [(form[f"choice{n}"].data, form[f"own{n}"].data) for n in range(clash.count)]
    )
    try:
        with write():
            again = correcting.settle(correction, version, body, form["theirs"].data, member())
    except DomainError as error:
        return _told(note_set, error)
    if again is not None:
        return _clash_page(correction, version), 409
    flash(_("The correction is in the text."))
    return redirect(notes_url(note_set, f"note-{correction.note.position}"))


@bp.post(f"{HERE}/<int:correction_id>/reject")
@login_needed
def reject(webinar_id: int, note_id: int, correction_id: int) -> Answer:
    note_set, correction = _to_answer(webinar_id, note_id, correction_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _refused(note_set, form)
    try:
        with write():
            correcting.reject(correction, form.lock_version.data, form.answer.data or "", member())
    except DomainError as error:
        return _told(note_set, error)
    flash(_("The correction was declined."))
    return redirect(notes_url(note_set, "corrections"))


def _set_in_review(webinar_id: int) -> Any:
    """For accounts: 404 unseen, 403 for who was not there."""
    webinar = webinar_or_404(webinar_id)
    note_set = first_or_404(notes_of_webinar(webinar))
    require(note_set.status == "in_review" and can_read_notes(viewer(), note_set))
    return note_set


def _propose(note_set: Any, note_id: int, who: Proposer, back: str, token: str = "") -> Answer:
    note = _note(note_set, note_id, token)
    form = CorrectionForm(**_asked())
    base, paragraph = form.base.data or 0, form.paragraph.data or 0
    try:
        was = proposing.paragraph_of(note, base, paragraph)
    except DomainError:
        abort(404)
    if request.method != "POST":
        form.proposed.data = was
        return _form_page(note_set, note, was, form, back)
    if not form.validate():
        return _form_page(note_set, note, was, form, back), 422
    try:
        with write():
            proposing.propose(
                note, base, paragraph, form.proposed.data, form.reason.data or "", who
            )
    except DomainError as error:
        form.blame(error)
        return _form_page(note_set, note, was, form, back), error.status
    flash(_("Thank you. The organisers answer by mail."))
    return redirect(back)


def _asked() -> dict[str, Any]:
    """Which paragraph, in an address that opens the form."""
    if request.method == "POST":
        return {}
    return {"formdata": request.args}


def _form_page(note_set: Any, note: Any, was: str, form: CorrectionForm, back: str) -> str:
    return render_template(
        "notes/correction.html",
        webinar=note_set.webinar,
        note_set=note_set,
        note=note,
        was=was,
        form=form,
        back=back,
        over_since=reviewing.end_words(note_set) if reviewing.is_over(note_set) else "",
    )


def _withdraw(note_set: Any, note_id: int, correction_id: int, who: Proposer) -> None:
    note = first_or_404(one_note(note_set, _possible(note_id)))
    correction = first_or_404(correcting.one_correction(note, _possible(correction_id)))
    if not who.owns(correction):
        abort(404)
    try:
        with write():
            proposing.withdraw(correction)
    except DomainError as error:
        flash(error.message)
    else:
        flash(_("You took your correction back."))


def _note(note_set: Any, note_id: int, token: str) -> Any:
    note = first_or_404(one_note(note_set, _possible(note_id)))
    return note if is_read(note, whole=reads_whole(note_set, token)) else abort(404)


def _to_answer(webinar_id: int, note_id: int, correction_id: int) -> Any:
    note_set = notes_to_publish(webinar_id)
    note = first_or_404(one_note(note_set, _possible(note_id)))
    return note_set, first_or_404(correcting.one_correction(note, _possible(correction_id)))


def _possible(number: int) -> int:
    return number if number < MOST_ID else abort(404)


def _refused(note_set: Any, form: AnswerForm) -> Answer:
    for message in form.answer.errors:
        flash(str(message))
    return show_notes(note_set), 422


def _told(note_set: Any, error: DomainError) -> Answer:
    """Somebody else was first, or a line is missing: said on top of the page as it is now."""
    db.session.expire_all()
    flash(error.message)
    return show_notes(note_set), error.status


def _clash_page(correction: Any, version: int, form: Any = None) -> str:
    clash, note = correcting.clash_of(correction), correction.note
    here = {"webinar_id": note.note_set.webinar_id, "note_id": note.id}
    form = form or resolve_form(clash.count, is_new=True)
    form["theirs"].data = clash.theirs_number
    return render_template(
        "notes/clash.html",
        webinar=note.note_set.webinar,
        note=note,
        clash=clash,
        form=form,
        is_correction=True,
        action=url_for(
            "corrections.settle", **here, correction_id=correction.id, lock_version=version
        ),
    )


def _version_read() -> int:
    read = request.args.get("lock_version", "")
    return int(read) if read.isascii() and read.isdecimal() and len(read) < 9 else 0


def _with_status(answer: Any) -> tuple[Any, int]:
    if isinstance(answer, tuple):
        return answer
    return answer, answer.status_code if isinstance(answer, Response) else 200
