"""A summary as a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from werkzeug.utils import import_string

from app.core.fragments import fragment
from app.core.i18n import LANGUAGES, _, speaking
from app.notes.documents.blocks import Document, to_json

WRITERS = "app.notes.documents"
ANY_BYTES = "latin-1"  # each byte is one character of it


@dataclass(frozen=True)
class Form:
    """A file format: what browsers call it, and what writes it.

    The writer is named, not imported: their libraries are large, and few people ask for a file.
    """

    media_type: str
    writer: str

    def write(self, document: Document) -> bytes:
        """In the document's own language, whoever asks for it."""
        write = cast(Callable[[Document], bytes], import_string(f"{WRITERS}.{self.writer}"))
        with speaking(document.language if document.language in LANGUAGES else "en"):
            return write(document)


OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PRINT = "html"

FORMS = {
    "pdf": Form("application/pdf", "pdf:write_pdf"),
    "docx": Form(WORD, "docx:write_docx"),
    "odt": Form(OPEN_DOCUMENT, "odt:write_odt"),
    PRINT: Form("text/html; charset=utf-8", "html:write_html"),
    "md": Form("text/markdown; charset=utf-8", "markdown:write_markdown"),
    "txt": Form("text/plain; charset=utf-8", "text:write_text"),
}


def form_words(form: str) -> str:
    """The format as people know it."""
    return {
        "pdf": "PDF",
        "docx": "Word (DOCX)",
        "odt": "LibreOffice (ODT)",
        PRINT: _("Print"),
        "md": "Markdown",
        "txt": _("Text"),
    }[form]


def etag_of(document: Document, form: str, *, is_whole: bool) -> str:
    """Version, language, format and audience; the digest stands for all that is in it."""
    content = json.dumps(to_json(document), sort_keys=True).encode()
    digest = hashlib.sha256(content).hexdigest()[:16]
    audience = "whole" if is_whole else "public"
    version = document.version or "draft"
    return f"{version}-{document.language}-{form}-{audience}-{digest}"


def file_of(document: Document, form: str, *, is_whole: bool) -> bytes:
    """Written once for all that is in it: the ETag stands for that."""
    key = ("summary file", etag_of(document, form, is_whole=is_whole))
    made = fragment(key, lambda: FORMS[form].write(document).decode(ANY_BYTES))
    return made.encode(ANY_BYTES)
