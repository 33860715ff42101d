"""The published whole: read, cite, download."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    abort,
    flash,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, write
from app.core.errors import DomainError
from app.core.forgery import with_token
from app.core.fragments import fragment
from app.core.i18n import _, language
from app.core.links import absolute_url
from app.core.personal_links import private
from app.core.visitor_pages import Basis, basis_of, open_page_by
from app.notes import publishing
from app.notes.contents import versions_of
from app.notes.downloading import FORMS, PRINT
from app.notes.forms import PublishForm
from app.notes.glancing import summary_glance
from app.notes.permissions import can_publish_notes, can_write_notes
from app.notes.queries import one_summary
from app.notes.summary_page import layout_of, promises_today
from app.notes.views._handing_out import (
    KEY,
    Shown,
    file_answer,
    for_guest,
    published,
    to_hand_out,
)
from app.notes.views._page import MOST_ID, notes_to_publish, show_notes, webinar_or_404
from app.webinars.timetable import zone_of

bp = Blueprint("summaries", __name__)

END = "\x1e"  # after the title: no text has it (see `core.forms.tidy`)
Answer = str | BaseResponse | tuple[str, int]


def _basis(**_: Any) -> Basis | None:
    """A page that a guest's key opens is kept nowhere: the key ends."""
    if has_request_context() and KEY in request.args:
        return None
    return basis_of("webinars", "topics", "network", "people", "notes", "places")


@bp.get("/webinars/<int:webinar_id>/summary")
@open_page_by(_basis)
def show(webinar_id: int) -> Answer:
    if KEY in request.args:
        return _for_guest(webinar_id)
    if "version" in request.args:
        webinar = webinar_or_404(webinar_id)
        glance = summary_glance(viewer(), webinar_id) or abort(404)
        return _page(webinar.title, _made(webinar, glance.thread_id))
    glance = (summary_glance(viewer(), webinar_id) if webinar_id < MOST_ID else None) or abort(404)
    key = ("summary", webinar_id, language(), zone_of(viewer()), glance)
    made = fragment(key, lambda: _made(webinar_or_404(webinar_id), glance.thread_id))
    return _page(glance.title, made)


def _page(webinar_title: str, made: str) -> str:
    title, main = made.split(END)
    return render_template(
        "notes/summary.html", webinar_title=webinar_title, title=title, main=with_token(main)
    )


def _for_guest(webinar_id: int) -> Answer:
    """Who may read it without the key goes on to the plain address."""
    if webinar_id < MOST_ID and summary_glance(viewer(), webinar_id):
        return redirect(url_for("summaries.show", webinar_id=webinar_id))
    shown = for_guest(webinar_id)
    webinar = shown.note_set.webinar
    return private(_page(webinar.title, _drawn(webinar, shown)))


def _made(webinar: Any, thread_id: int | None = None) -> str:
    """The title of the document, and the page below it."""
    return _drawn(webinar, published(webinar), thread_id)


def _drawn(webinar: Any, shown: Shown, thread_id: int | None = None) -> str:
    name = publishing.version_name(shown.version)
    can_publish = can_publish_notes(viewer(), webinar)
    can_write = can_publish or can_write_notes(viewer(), webinar)
    layout = layout_of(shown.document)
    main = render_template(
        "notes/_summary.html",
        webinar=webinar,
        shown=shown,
        document=shown.document,
        version=shown.version,
        key=shown.key or None,
        forms=list(FORMS),
        name=name,
        permanent=absolute_url("summaries.show", webinar_id=webinar.id, version=name),
        layout=layout,
        promises=promises_today(shown.note_set, layout),
        thread_id=thread_id,
        versions=versions_of(shown.note_set) if can_write else [],
        can_write=can_write,
        can_publish=can_publish,
        is_closed=can_publish and db.session.scalars(one_summary(None, webinar.id)).first() is None,
    )
    return END.join([shown.document.title, main])


@bp.get("/webinars/<int:webinar_id>/summary.<form>")
def download(webinar_id: int, form: str) -> BaseResponse:
    if form not in FORMS:
        abort(404)
    return file_answer(to_hand_out(webinar_id), form)


@bp.get("/webinars/<int:webinar_id>/summary.html", endpoint="print")
def on_paper(webinar_id: int) -> BaseResponse:
    """One page for printing and for keeping, without anything around it."""
    return file_answer(to_hand_out(webinar_id), PRINT)


@bp.post("/webinars/<int:webinar_id>/summary")
@login_needed
def create(webinar_id: int) -> Answer:
    """Publish the notes, or publish them again."""
    note_set = notes_to_publish(webinar_id)
    form = PublishForm()
    if not form.validate_on_submit():
        return show_notes(note_set, publish_form=form), 422
    try:
        with write():
            version = publishing.publish(
                note_set,
                member(),
                form.change_note.data,
                tells_everybody=form.tells_everybody.data,
            )
    except DomainError as error:
        form.blame(error)
        return show_notes(note_set, publish_form=form), 422
    flash(_("Published as version %(name)s.", name=publishing.version_name(version)))
    return redirect(url_for("summaries.show", webinar_id=webinar_id))
