"""A summary as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.notes.documents.blocks import Document
from app.notes.documents.docx import write_docx
from app.notes.documents.markdown import write_markdown
from app.notes.documents.odt import write_odt
from app.notes.documents.pdf import write_pdf
from app.notes.documents.text import write_text


@dataclass(frozen=True)
class Form:
    """A file format: what browsers call it, and what writes it."""

    media_type: str
    write: Callable[[Document], bytes]


OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMS = {
    "pdf": Form("application/pdf", write_pdf),
    "docx": Form(WORD, write_docx),
    "odt": Form(OPEN_DOCUMENT, write_odt),
    "md": Form("text/markdown; charset=utf-8", write_markdown),
    "txt": Form("text/plain; charset=utf-8", write_text),
}
