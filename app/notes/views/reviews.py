"""Review of the notes: open it, move its end, close it; the draft for those who were there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect
from werkzeug.wrappers import Response as Redirect

from app.accounts.login import login_needed, member
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.personal_links import private, token_read
from app.notes import naming, reviewing
from app.notes.enums import Naming, NotesStatus
from app.notes.forms import NamingForm, ReviewForm
from app.notes.proposing import Proposer
from app.notes.queries import notes_of_webinar
from app.notes.views._page import naming_form_for, notes_to_publish, notes_url, show_notes
from app.notes.views._review import show_review
from app.webinars.attending import one_registration
from app.webinars.speakers import SEATED

bp = Blueprint("reviews", __name__)

Answer = str | Redirect | tuple[str, int]
HERE = "/webinars/<int:webinar_id>/notes"


@bp.post(f"{HERE}/review")
@login_needed
def create(webinar_id: int) -> Answer:
    """Open the review, or move its end."""
    note_set = notes_to_publish(webinar_id)
    form = ReviewForm()
    if not form.validate_on_submit():
        return show_notes(note_set, review_form=form), 422
    runs = note_set.review_until is not None and note_set.status == NotesStatus.IN_REVIEW
    act = reviewing.extend if runs else reviewing.open_review
    try:
        with write():
            act(note_set, form.days.data or 0, member())
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, review_form=form), 422
    flash(_said(note_set, runs))
    return redirect(notes_url(note_set, "review"))


@bp.post(f"{HERE}/review/close")
@login_needed
def close(webinar_id: int) -> Answer:
    closed = _("Nobody can propose corrections any more.")
    return _turn(webinar_id, reviewing.close, closed)


@bp.post(f"{HERE}/draft")
@login_needed
def end(webinar_id: int) -> Answer:
    return _turn(webinar_id, reviewing.back_to_draft, _("It is a draft again."))


@bp.post(f"{HERE}/naming")
@login_needed
def name(webinar_id: int) -> Answer:
    """How people are named in what is handed out."""
    note_set = notes_to_publish(webinar_id)
    form: NamingForm = naming_form_for(note_set)
    if not form.validate_on_submit():
        return show_notes(note_set, naming_form=form), 422
    try:
        with write():
            naming.choose(note_set, Naming(form.naming.data), member())
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, naming_form=form), 422
    flash(_("Saved."))
    return redirect(notes_url(note_set, "naming"))


@bp.get("/registrations/<token>/review")
def guest(token: str) -> Response:
    """The draft for somebody with a personal link."""
    note_set, who = in_review_or_404(token)
    return private(show_review(note_set, who, token=token))


def in_review_or_404(token: str) -> Any:
    """The notes in review that a personal link opens, and who follows it."""
    registration = first_or_404(one_registration(token_read(token)))
    note_set = db.session.scalars(notes_of_webinar(registration.webinar)).first()
    is_open = note_set is not None and note_set.status == NotesStatus.IN_REVIEW
    if not is_open or registration.state not in SEATED:
        abort(404)
    return note_set, Proposer(registration.user, registration)


def _turn(webinar_id: int, act: Callable[..., None], done: str) -> Answer:
    note_set = notes_to_publish(webinar_id)
    try:
        with write():
            act(note_set, member())
    except DomainError as error:
        flash(error.message)
        return show_notes(note_set), 422
    flash(done)
    return redirect(notes_url(note_set, "review"))


def _said(note_set: Any, runs: bool) -> str:
    if note_set.status != NotesStatus.IN_REVIEW:
        return _("There is no review. You can publish the notes as they are.")
    if runs:
        return _("The end of the review was moved.")
    return _("Everybody who was there can read the draft now, and gets a mail.")
