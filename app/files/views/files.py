"""Files: sending one, taking an unused one away, and reading what one may read."""

from __future__ import annotations

import io
import unicodedata
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as AnyResponse
from werkzeug.wsgi import wrap_file

from app.accounts.login import login_needed, member, viewer
from app.accounts.permissions import may_take_part
from app.core.bodies import takes_files
from app.core.db import first_or_404, write
from app.core.errors import DomainError
from app.core.i18n import _
from app.core.permissions import require
from app.files import uploading
from app.files.errors import StoreAway
from app.files.fields import attachment_of
from app.files.images import THUMBNAIL_TYPE
from app.files.kinds import is_image
from app.files.queries import one_file
from app.files.storing import store, thumbnail_of
from app.forum.queries import files_in_posts
from app.materials.queries import material_files_readable_by, track_files_readable_by
from app.messages.queries import files_in_messages
from app.webinars.presenting import slides_readable_by

bp = Blueprint("files", __name__)

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
SHOWN_IN_PLACE = {"application/pdf"}


@bp.post("/files")
@login_needed
@takes_files
def create() -> tuple[str, int]:
    """One file for a form that is being written: answers with its line, or with a sentence."""
    require(may_take_part(viewer()))
    sent = request.files.get("upload")
    if sent is None or not sent.filename:
        raise BadRequest
    try:
        attachment = _stored(sent)
    except DomainError as error:
        status = 429 if error.status == 429 else 422
        return render_template("files/_refused.html", error=error), status
    return render_template("files/_attached.html", file=attachment), 201


@bp.post("/files/<key>/remove")
@login_needed
def remove(key: str) -> AnyResponse:
    """An own file that nothing uses."""
    with write():
        uploading.drop(member(), key)
    return Response(status=204)


@bp.get("/files/<key>/thumbnail")
def thumbnail(key: str) -> AnyResponse:
    file = _readable_or_404(key)
    if not file.has_thumbnail:
        raise NotFound
    return _bytes_of(thumbnail_of(key), f"{file.sha256}-thumbnail", THUMBNAIL_TYPE)


@bp.get("/files/<key>/<name>")
def show(key: str, name: str) -> AnyResponse:
    """The key decides, the name is for people: it is that of the row, whatever was asked."""
    file = _readable_or_404(key)
    answer = _bytes_of(key, file.sha256, file.media_type)
    in_place = is_image(file.media_type) or file.media_type in SHOWN_IN_PLACE
    _call_it(answer, "inline" if in_place else "attachment", file.name)
    return answer


def _readable_or_404(key: str) -> Any:
    """Asked each time: who may read what a file hangs on may read the file."""
    token = request.args.get("t", "")
    attached = [
        files_in_posts(viewer()),
        files_in_messages(viewer()),
        slides_readable_by(viewer(), token),
        material_files_readable_by(viewer(), token),
        track_files_readable_by(viewer(), token),
    ]
    return first_or_404(one_file(viewer(), key, attached))


def _bytes_of(name: str, etag: str, media_type: str) -> Response:
    """Bytes that no browser runs, keeps for others or shows inside another site."""
    try:
        content = store().open(name)
        size = content.seek(0, io.SEEK_END)
        content.seek(0)
        content.peek(1)  # the first piece is here before anything is promised
    except FileNotFoundError as error:
        raise NotFound from error
    except StoreAway as error:
        raise ServiceUnavailable(response=_away()) from error
    answer = Response(
        wrap_file(request.environ, content), mimetype=media_type, direct_passthrough=True
    )
    answer.headers.update(
        {
            "Cache-Control": "private, no-cache",
            "Content-Security-Policy": POLICY,
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
    )
    answer.content_length = size
    answer.set_etag(etag)
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    return answer


def _away() -> Response:
    words = _("This file cannot be fetched at the moment. Try again in a few minutes.")
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return Response(words, 503, headers, mimetype="text/plain")


def _call_it(answer: Response, how: str, name: str) -> None:
    """Twice, as RFC 6266 says: in plain letters, and as it really is."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    whole = {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    answer.headers.set("Content-Disposition", how, **whole)


def _stored(sent: FileStorage) -> Any:
    with write():
        uploading.count_upload(member())
    prepared = uploading.prepare(sent.stream, sent.filename or "")
    with write():
        return attachment_of(uploading.keep(prepared, member()))
