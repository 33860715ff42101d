"""Files that come with a message: kept at once, so that whatever else is wrong loses none."""

from __future__ import annotations

from contextlib import suppress

from flask import request
from werkzeug.exceptions import NotFound

from app.accounts.login import member
from app.core.db import db, write
from app.core.errors import DomainError
from app.files import uploading
from app.files.fields import FilesField, attachment_of
from app.files.queries import own_unused

AGAIN = {"attach", "remove_file"}


def take_files(field: FilesField) -> int | None:
    """Keep what was sent, take away what was removed.

    Return the status of the page when the form has to come back, None when it can go on.
    """
    field.join(db.session.scalars(own_unused(member(), field.keys)).all() if field.keys else [])
    if key := request.form.get("remove_file"):
        field.remove(key)
        with suppress(NotFound), write():
            uploading.drop(member(), key)
    try:
        _take_all(field)
    except DomainError as error:
        field.blame(error)
        return error.status
    if field.errors:
        return 422
    return 200 if AGAIN & set(request.form) else None


def _take_all(field: FilesField) -> None:
    for sent in request.files.getlist("upload"):
        if not sent.filename:
            continue
        with write():
            uploading.count_upload(member())
        prepared = uploading.prepare(sent.stream, sent.filename)
        with write():
            field.data.append(attachment_of(uploading.keep(prepared, member())))
