"""Which document of a webinar this reader is given, and the answer that carries it as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, make_response, request
from werkzeug.exceptions import NotFound

from app.accounts.login import viewer
from app.core.db import db, first_or_404
from app.core.personal_links import private
from app.notes import guest_links
from app.notes.composing import compose, file_name
from app.notes.contents import earlier_version
from app.notes.documents.blocks import Document, from_json
from app.notes.documents.html import policy
from app.notes.downloading import FORMS, PRINT, etag_of, file_of
from app.notes.gathering import material_of
from app.notes.permissions import (
    can_read_notes,
    can_write_notes,
    reads_practitioners_part,
    reads_whole_draft,
)
from app.notes.publishing import version_name
from app.notes.queries import (
    notes_of_webinar,
    one_summary,
    summary_for_guests,
)
from app.notes.views._page import MOST_ID
from app.webinars.queries import one_webinar

KEY = "key"


@dataclass(frozen=True)
class Shown:
    """A document for one reader. `asked_for` is an older version that only organisers read;
    `key` the link of a guest who reads it by that alone.
    """

    note_set: Any
    version: Any
    document: Document
    is_whole: bool
    asked_for: str = ""
    key: str = ""


def to_hand_out(webinar_id: int) -> Shown:
    """What is published; the draft for who asks for it, or has nothing else, and may read it; the
    public part for who has a link for guests.
    """
    if webinar_id >= MOST_ID:
        abort(404)
    webinar = db.session.scalars(one_webinar(viewer(), webinar_id)).first()
    found = _own(webinar) if webinar is not None else None
    return found or for_guest(webinar_id)


def for_guest(webinar_id: int) -> Shown:
    """Raise NotFound without a key that opens this webinar's summary."""
    key = request.args.get(KEY, "")
    if not guest_links.opens(key, webinar_id):
        raise NotFound
    version = first_or_404(summary_for_guests(webinar_id))
    document = from_json(version.public_document)
    return Shown(version.note_set, version, document, is_whole=False, key=key)


def published(webinar: Any) -> Shown:
    """The newest version; an older one only for those who write the notes."""
    newest = first_or_404(one_summary(viewer(), webinar.id))
    is_whole = reads_practitioners_part(viewer(), webinar)
    asked = request.args.get("version", "")
    version = newest
    if asked and asked != version_name(newest):
        version = _older(webinar, asked) or newest
    stored = version.document if is_whole else version.public_document
    asked_for = asked if version is newest and asked != version_name(newest) else ""
    return Shown(version.note_set, version, from_json(stored), is_whole, asked_for[:10])


def file_answer(shown: Shown, form: str) -> Response:
    """The file, or that it is the one that the reader has."""
    etag = etag_of(shown.document, form, is_whole=shown.is_whole)
    answer = private("") if shown.key else make_response()
    answer.set_etag(etag)
    answer.headers["Vary"] = "Cookie"
    if not shown.key:
        answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains(etag):
        answer.status_code = 304
        return answer
    answer.data = file_of(shown.document, form, is_whole=shown.is_whole)
    _name(answer, file_name(shown.document, form), form)
    return answer


def _name(answer: Response, name: str, form: str) -> None:
    """Paper opens in the browser, which prints it; it loads nothing and runs nothing."""
    place = "inline" if form == PRINT else "attachment"
    answer.headers["Content-Type"] = FORMS[form].media_type
    answer.headers["Content-Disposition"] = f"{place}; filename=\"{name}\"; filename*=UTF-8''{name}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if form == PRINT:
        answer.headers["Content-Security-Policy"] = policy()


def _own(webinar: Any) -> Shown | None:
    """What the reader finds without any link; None: nothing."""
    note_set = db.session.scalars(notes_of_webinar(webinar)).first()
    has_summary = db.session.scalars(one_summary(viewer(), webinar.id)).first() is not None
    wants_draft = not has_summary or "draft" in request.args
    if note_set is not None and wants_draft and can_read_notes(viewer(), note_set):
        is_whole = reads_whole_draft(viewer(), webinar)
        draft = compose(material_of(note_set), public=not is_whole)
        return Shown(note_set, None, draft, is_whole)
    return published(webinar) if has_summary else None


def _older(webinar: Any, asked: str) -> Any:
    """Raise NotFound for a version that never was."""
    major, _dot, minor = asked.partition(".")
    if not all(n.isascii() and n.isdecimal() and len(n) < 6 for n in (major, minor)):
        raise NotFound
    found = first_or_404(earlier_version(webinar.id, int(major), int(minor)))
    return found if can_write_notes(viewer(), webinar) else None
