"""The published whole: read, cite, download."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.login import login_needed, member, viewer
from app.core.db import db, first_or_404, write
from app.core.errors import DomainError
from app.core.forgery import with_token
from app.core.fragments import fragment
from app.core.i18n import _, language
from app.core.links import absolute_url
from app.core.visitor_pages import open_page
from app.notes import publishing
from app.notes.composing import compose, file_name
from app.notes.documents.blocks import Document, from_json, to_json
from app.notes.downloading import FORMS
from app.notes.forms import PublishForm
from app.notes.gathering import material_of
from app.notes.glancing import summary_glance
from app.notes.permissions import (
    can_read_notes,
    can_write_notes,
    reads_practitioners_part,
    reads_whole_draft,
)
from app.notes.queries import earlier_version, notes_of_webinar, one_summary
from app.notes.views._page import MOST_ID, notes_to_publish, show_notes, webinar_or_404
from app.webinars.timetable import zone_of

bp = Blueprint("summaries", __name__)

END = "\x1e"  # after the title: no text has it (see `core.forms.tidy`)
ANY_BYTES = "latin-1"  # each byte is one character of it
Answer = str | BaseResponse | tuple[str, int]


@dataclass(frozen=True)
class Shown:
    """A document for one reader. `asked_for` is an older version that only organisers read."""

    version: Any
    document: Document
    is_whole: bool
    asked_for: str = ""


@bp.get("/webinars/<int:webinar_id>/summary")
@open_page("webinars", "topics", "network", "people", "notes")
def show(webinar_id: int) -> Answer:
    if "version" in request.args:
        webinar = webinar_or_404(webinar_id)
        return _page(webinar.title, _made(webinar))
    glance = (summary_glance(viewer(), webinar_id) if webinar_id < MOST_ID else None) or abort(404)
    key = ("summary", webinar_id, language(), zone_of(viewer()), glance)
    return _page(glance.title, fragment(key, lambda: _made(webinar_or_404(webinar_id))))


def _page(webinar_title: str, made: str) -> str:
    title, main = made.split(END)
    return render_template(
        "notes/summary.html", webinar_title=webinar_title, title=title, main=with_token(main)
    )


def _made(webinar: Any) -> str:
    """The title of the document, and the page below it."""
    shown = _published(webinar)
    main = render_template(
        "notes/_summary.html",
        webinar=webinar,
        shown=shown,
        document=shown.document,
        version=shown.version,
        forms=list(FORMS),
        name=publishing.version_name(shown.version),
        permanent=absolute_url(
            "summaries.show",
            webinar_id=webinar.id,
            version=publishing.version_name(shown.version),
        ),
        can_write=can_write_notes(viewer(), webinar),
    )
    return END.join([shown.document.title, main])


@bp.get("/webinars/<int:webinar_id>/summary.<form>")
def download(webinar_id: int, form: str) -> BaseResponse:
    if form not in FORMS:
        abort(404)
    webinar = webinar_or_404(webinar_id)
    document, is_whole = _document_to_hand_out(webinar)
    answer = make_response()
    etag = _etag(document, form, is_whole)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    if request.if_none_match.contains(etag):
        answer.status_code = 304
        return answer
    return _filled(answer, document, form, etag)


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


def _published(webinar: Any) -> Shown:
    """The newest version; an older one only for those who write the notes."""
    newest = first_or_404(one_summary(viewer(), webinar.id))
    is_whole = reads_practitioners_part(viewer(), webinar)
    asked = request.args.get("version", "")
    version = newest
    if asked and asked != publishing.version_name(newest):
        version = _older(webinar, asked) or newest
    stored = version.document if is_whole else version.public_document
    asked_for = asked if version is newest and asked != publishing.version_name(newest) else ""
    return Shown(version, from_json(stored), is_whole, asked_for[:10])


def _older(webinar: Any, asked: str) -> Any:
    """Raise NotFound for a version that never was."""
    major, _dot, minor = asked.partition(".")
    if not all(n.isascii() and n.isdecimal() and len(n) < 6 for n in (major, minor)):
        raise NotFound
    found = first_or_404(earlier_version(webinar.id, int(major), int(minor)))
    return found if can_write_notes(viewer(), webinar) else None


def _document_to_hand_out(webinar: Any) -> tuple[Document, bool]:
    """What is published; the draft for who asks for it, or has nothing else, and may read it."""
    note_set = db.session.scalars(notes_of_webinar(webinar)).first()
    summary = db.session.scalars(one_summary(viewer(), webinar.id)).first()
    wants_draft = summary is None or "draft" in request.args
    if note_set is not None and wants_draft and can_read_notes(viewer(), note_set):
        is_whole = reads_whole_draft(viewer(), webinar)
        return compose(material_of(note_set), public=not is_whole), is_whole
    shown = _published(webinar)
    return shown.document, shown.is_whole


def _etag(document: Document, form: str, is_whole: bool) -> str:
    """Version, language, format and audience; the digest stands for all that is in it."""
    content = json.dumps(to_json(document), sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    audience = "whole" if is_whole else "public"
    version = document.version or "draft"
    return f"{version}-{document.language}-{form}-{audience}-{digest}"


def _filled(answer: Response, document: Document, form: str, etag: str) -> Response:
    """The file is written once for all that is in it: the ETag stands for that."""
    name = file_name(document, form)
    text = fragment(
        ("summary file", language(), etag), lambda: FORMS[form].write(document).decode(ANY_BYTES)
    )
    answer.data = text.encode(ANY_BYTES)
    answer.headers["Content-Type"] = FORMS[form].media_type
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
