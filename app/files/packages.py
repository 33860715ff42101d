"""Documents that are ZIP files inside: OpenDocument and Office. Nothing is unpacked but a label."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from app.core.i18n import _
from app.files.errors import FileRefused, NotWhatItSays
from app.files.kinds import MACROS, Kind
from app.files.naming import MEGABYTE

MOST_UNPACKED = 200 * MEGABYTE
MOST_ENTRIES = 10_000
LONGEST_LABEL = MEGABYTE
START = b"PK\x03\x04"
ENCRYPTED = 0x1
OFFICE_MACROS = re.compile(r"vba(project|data)|macrosheets/|activex/.*\.bin$", re.IGNORECASE)
OPEN_DOCUMENT_MACROS = re.compile(r"^(basic|scripts)/.", re.IGNORECASE)
BROKEN = (
    zipfile.BadZipFile, lzma.LZMAError, zlib.error, struct.error, ArithmeticError, EOFError,
    LookupError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What reading a package raises when somebody has written into it."""
CONTENT_TYPES = "[Content_Types].xml"


def check_office(content: bytes, kind: Kind) -> None:
    with _opened(content) as package:
        names = _names(package)
        if any(OFFICE_MACROS.search(name) for name in names):
            raise FileRefused(_(MACROS))
        types = _read(package, CONTENT_TYPES).lower()
        if b"macroenabled" in types:
            raise FileRefused(_(MACROS))
        if kind.main not in names or f"{kind.media_type}.main+xml".encode() not in types:
            raise NotWhatItSays


def check_open_document(content: bytes, kind: Kind) -> None:
    with _opened(content) as package:
        names = _names(package)
        if any(OPEN_DOCUMENT_MACROS.search(name) for name in names):
            raise FileRefused(_(MACROS))
        if _read(package, "mimetype").strip() != kind.media_type.encode():
            raise NotWhatItSays
        if "content.xml" not in names:
            raise NotWhatItSays


def _opened(content: bytes) -> zipfile.ZipFile:
    if not content.startswith(START):
        raise NotWhatItSays
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except BROKEN as error:
        raise NotWhatItSays from error


def _names(package: zipfile.ZipFile) -> set[str]:
    """The names inside, after a look at what unpacking them would cost."""
    entries = package.infolist()
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(_("The document unpacks to more than 200 MB. Make it smaller."))
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise FileRefused(_("The document is locked by a password. Save it without one."))
    names = {entry.filename for entry in entries}
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise NotWhatItSays
    return names


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """A label of the package, cut off where no honest one goes on."""
    try:
        with package.open(name) as label:
            return label.read(LONGEST_LABEL)
    except BROKEN as error:
        raise NotWhatItSays from error
