"""Is a file what its name says, and is that something we take?"""

from __future__ import annotations

import filetype

from app.core.i18n import _
from app.files.errors import FileRefused, NotWhatItSays
from app.files.kinds import Family, Kind, kind_of
from app.files.naming import MEGABYTE, extension_of
from app.files.packages import check_office, check_open_document

MOST_BYTES = 10 * MEGABYTE
FIRST_BYTES = 8192
OTHER_THINGS = (
    b"%PDF-", b"{\\rtf", b"%!PS", b"<!doctype html", b"<html", b"<svg", b"<script", b"<?xml",
)  # fmt: skip
ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "cp1253")
CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})
BEGINNINGS = {"text/calendar": b"BEGIN:VCALENDAR", "text/vtt": b"WEBVTT"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def check(content: bytes, name: str) -> Kind:
    """What the file is. Raise FileRefused when name and content disagree or it is not accepted."""
    kind = kind_of(extension_of(name))
    if not content:
        raise FileRefused(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise FileRefused(_("The file is larger than 10 MB. Make it smaller or split it."))
    CHECKS[kind.family](content, kind)
    return kind


def _check_magic(content: bytes, kind: Kind) -> None:
    if filetype.guess_mime(content[:FIRST_BYTES]) != kind.media_type:
        raise NotWhatItSays


def _check_text(content: bytes, kind: Kind) -> None:
    start = content[:FIRST_BYTES].removeprefix(BYTE_ORDER_MARK).lstrip()
    if start.lower().startswith(tuple(thing.lower() for thing in OTHER_THINGS)):
        raise NotWhatItSays
    first = BEGINNINGS.get(kind.media_type, b"")
    if not start.upper().startswith(first):
        raise NotWhatItSays
    if len(content.translate(None, CONTROLS)) != len(content) or not _can_be_read(content):
        raise FileRefused(_("This is not plain text. Save it as text in UTF-8."))


def _can_be_read(content: bytes) -> bool:
    return any(_decodes(content, encoding) for encoding in ENCODINGS)


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


CHECKS = {
    Family.IMAGE: _check_magic,
    Family.PDF: _check_magic,
    Family.OPEN_DOCUMENT: check_open_document,
    Family.OFFICE: check_office,
    Family.TEXT: _check_text,
}
