"""A summary as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from werkzeug.utils import import_string

from app.notes.documents.blocks import Document

WRITERS = "app.notes.documents"


@dataclass(frozen=True)
class Form:
    """A file format: what browsers call it, and what writes it.

    The writer is named, not imported: their libraries are large, and few people ask for a file.
    """

    media_type: str
    writer: str

    def write(self, document: Document) -> bytes:
        write = cast(Callable[[Document], bytes], import_string(f"{WRITERS}.{self.writer}"))
        return write(document)


OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMS = {
    "pdf": Form("application/pdf", "pdf:write_pdf"),
    "docx": Form(WORD, "docx:write_docx"),
    "odt": Form(OPEN_DOCUMENT, "odt:write_odt"),
    "md": Form("text/markdown; charset=utf-8", "markdown:write_markdown"),
    "txt": Form("text/plain; charset=utf-8", "text:write_text"),
}
