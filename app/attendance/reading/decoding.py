"""The bytes of a report as rows of cells, whatever wrote them."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter

from app.attendance.errors import (
    FileTooLarge,
    IsSpreadsheet,
    NoFile,
    NotAReport,
    TooManyLines,
)
from app.core.forms import tidy

MOST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5000
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf")
BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
DELIMITERS = "\t;,"
LOOKED_AT = 60
BLANKS = "\t\r\n"

Row = list[str]


def text_of(content: bytes) -> str:
    """Raise NoFile, FileTooLarge, IsSpreadsheet or NotAReport."""
    if not content:
        raise NoFile
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    if content.startswith(ARCHIVES):
        raise IsSpreadsheet
    text = _decoded(content)
    if _is_binary(text):
        raise NotAReport
    return text.replace("\x00", "")


def rows_of(text: str) -> list[Row]:
    """Split at what splits most lines alike. Raise NotAReport or TooManyLines.

    Excel writes `sep=;` on top of some tables; blank lines stay, they end a part of a report.
    """
    body = text.removeprefix("\ufeff")
    first, _, rest = body.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _split(rest, first.strip()[-1])
    return _split(body, _delimiter(body))


def _decoded(content: bytes) -> str:
    """A mark says it; without one UTF-16 shows its zeros; else UTF-8, else what Windows wrote."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    if encoding := _unmarked_utf16(content[:2000]):
        return content.decode(encoding, "replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAReport


def _unmarked_utf16(start: bytes) -> str:
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 4 and not even:
        return "utf-16-le"
    return "utf-16-be" if even > len(start) // 4 and not odd else ""


def _is_binary(text: str) -> bool:
    """More than one sign in twenty that no report has."""
    odd = sum(
        1 for sign in text[:4000] if (sign < " " and sign not in "\t\r\n") or sign == "\ufffd"
    )
    return odd * 20 > min(len(text), 4000)


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()][:LOOKED_AT]
    return max(DELIMITERS, key=lambda sign: _evenness(lines, sign))


def _evenness(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines are split into equally many cells, and into how many."""
    widths = Counter(line.count(sign) for line in lines)
    del widths[0]
    if not widths:
        return 0, 0
    cells, alike = max(widths.items(), key=lambda pair: (pair[1] * min(pair[0], 3), pair[0]))
    return alike * min(cells, 3), cells


def _split(text: str, delimiter: str) -> list[Row]:
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if len(rows) >= MOST_LINES:
                raise TooManyLines
            rows.append([" ".join(tidy(cell).split()) for cell in row])
    except csv.Error as error:
        raise NotAReport from error
    return rows
