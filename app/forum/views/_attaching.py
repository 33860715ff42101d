"""Files that come with a form: kept at once, so that whatever else is wrong loses none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from app.accounts.login import member
from app.core.db import db, write
from app.core.errors import DomainError
from app.files import uploading
from app.files.errors import TooManyFiles
from app.files.fields import FilesField, attachment_of, attachments_in
from app.files.queries import own_unused
from app.files.showing import FileRow
from app.files.using import MOST_FILES, Attachment

AGAIN = {"attach", "remove_file"}


def take_files(field: FilesField, there: Sequence[FileRow] = ()) -> int | None:
    """Keep what was sent, take away what was removed; `there` are files of the post already.

    Return the status of the page when the form has to come back, None when it can go on.
    """
    look_up(field, there)
    if key := request.form.get("remove_file"):
        _remove(field, key, there)
    sent = [file for file in request.files.getlist("upload") if file.filename]
    faults = [error for file in sent if (error := _take(field, file))]
    for error in faults:
        field.blame(error)
    if field.errors:
        return max((error.status for error in faults), default=422)
    return 200 if AGAIN & set(request.form) else None


def look_up(field: FilesField, there: Sequence[FileRow] = ()) -> None:
    """Say which files the form names. Without any, nothing is asked."""
    own = db.session.scalars(own_unused(member(), field.keys)).all() if field.keys else []
    field.join([*there, *own])


def drafted_files(values: Mapping[str, str]) -> list[Attachment]:
    """The files of a draft that are still there."""
    wanted = {one.key: one for one in attachments_in(values)}
    if not wanted:
        return []
    for file in db.session.scalars(own_unused(member(), list(wanted))):
        wanted[file.key].know(file)
    return [one for one in wanted.values() if one.name]


def _take(field: FilesField, sent: FileStorage) -> DomainError | None:
    if len(field.data) >= MOST_FILES:
        return TooManyFiles()
    try:
        with write():
            uploading.count_upload(member())
        prepared = uploading.prepare(sent.stream, sent.filename or "")
        with write():
            field.data.append(attachment_of(uploading.keep(prepared, member())))
    except DomainError as error:
        return error
    return None


def _remove(field: FilesField, key: str, there: Sequence[FileRow]) -> None:
    """An own file goes at once; one of the post goes when the edit is saved."""
    field.remove(key)
    if key not in {file.key for file in there}:
        with suppress(NotFound), write():
            uploading.drop(member(), key)
