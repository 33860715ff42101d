"""What the pages around the notes share."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, url_for

from app.accounts.login import viewer
from app.core.db import first_or_404
from app.core.i18n import _
from app.core.permissions import require
from app.notes import owning, sectioning
from app.notes.agreeing import agreement
from app.notes.contents import one_note
from app.notes.forms import (
    ActionForm,
    DecisionForm,
    GlanceForm,
    NamingForm,
    PublishForm,
    ReviewForm,
    SectionForm,
    UnpublishForm,
    offer_notes,
)
from app.notes.naming import choices_for, naming_words
from app.notes.permissions import can_publish_notes, can_write_notes
from app.notes.queries import notes_of_webinar
from app.notes.reading import notes_page
from app.notes.reviewing import days_until
from app.webinars.queries import one_webinar

MOST_ID = 2**31


def webinar_or_404(webinar_id: int) -> Any:
    if webinar_id >= MOST_ID:
        abort(404)
    return first_or_404(one_webinar(viewer(), webinar_id))


def notes_to_write(webinar_id: int) -> Any:
    """The notes of a webinar for somebody who writes them: 404 unseen, 403 not allowed."""
    webinar = webinar_or_404(webinar_id)
    require(can_write_notes(viewer(), webinar))
    return first_or_404(notes_of_webinar(webinar))


def notes_to_publish(webinar_id: int) -> Any:
    """The same for somebody who answers for them."""
    webinar = webinar_or_404(webinar_id)
    require(can_publish_notes(viewer(), webinar))
    return first_or_404(notes_of_webinar(webinar))


def note_to_write(webinar_id: int, note_id: int) -> Any:
    """The notes and one section of them, for somebody who writes them."""
    if note_id >= MOST_ID:
        abort(404)
    note_set = notes_to_write(webinar_id)
    return note_set, first_or_404(one_note(note_set, note_id))


def note_url(note: Any) -> str:
    return notes_url(note.note_set, f"note-{note.position}")


def show_notes(note_set: Any, **forms: Any) -> str:
    """The notes page, with forms that are being filled in where there are any."""
    note_form = forms.get("note_form")
    is_refused = note_form is not None and note_form.errors
    page = notes_page(viewer(), note_set, forms["editing"] if is_refused else None)
    return render_template(
        "notes/notes.html",
        page=page,
        agreement=agreement(viewer(), note_set),
        review_form=forms.get("review_form") or _review_form(note_set),
        naming_form=forms.get("naming_form") or naming_form_for(note_set, is_new=True),
        unpublish_form=forms.get("unpublish_form") or UnpublishForm(formdata=None),
        webinar=note_set.webinar,
        glance_form=forms.get("glance_form") or _glance_form(note_set),
        decision_form=forms.get("decision_form") or _decision_form(note_set),
        action_form=forms.get("action_form") or _action_form(note_set),
        publish_form=forms.get("publish_form") or PublishForm(formdata=None),
        section_form=forms.get("section_form") or section_form(formdata=None),
        editing=forms.get("editing"),
        note_form=note_form,
        draft=forms.get("draft"),
    )


def notes_url(note_set: Any, anchor: str | None = None) -> str:
    return url_for("notes.show", webinar_id=note_set.webinar_id, _anchor=anchor)


def decision_form_for(note_set: Any, **values: Any) -> DecisionForm:
    form = DecisionForm(**values)
    offer_notes(form, note_set.shown)
    return form


def action_form_for(note_set: Any, action: Any = None, **values: Any) -> ActionForm:
    form = ActionForm(**values)
    offer_notes(form, note_set.shown)
    form.owner.choices = owning.owner_choices(note_set.webinar, action)
    return form


def section_form(**values: Any) -> SectionForm:
    form = SectionForm(**values)
    offered = sectioning.template_names()
    form.template.choices = [*offered.items(), ("", _("None of these"))]
    return form


def _decision_form(note_set: Any) -> Any:
    return decision_form_for(note_set, formdata=None)


def _action_form(note_set: Any) -> Any:
    return action_form_for(note_set, formdata=None)


def _glance_form(note_set: Any) -> GlanceForm:
    return GlanceForm(
        formdata=None, at_a_glance=note_set.at_a_glance, lock_version=note_set.lock_version
    )


def _review_form(note_set: Any) -> ReviewForm:
    return ReviewForm(formdata=None, days=days_until(note_set))


def naming_form_for(note_set: Any, *, is_new: bool = False) -> NamingForm:
    values = {"formdata": None, "naming": note_set.naming.value} if is_new else {}
    form = NamingForm(**values)
    form.naming.choices = [(one.value, naming_words(one)) for one in choices_for(note_set)]
    return form


def note_of(form: Any, note_set: Any) -> Any:
    """The note that a record belongs to; None: the whole."""
    chosen = form.note.data
    return next((note for note in note_set.notes if str(note.id) == chosen), None)
