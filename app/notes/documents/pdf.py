"""A summary as tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from pathlib import Path

from app.core.i18n import _
from app.core.pdf import Data, pdf_from
from app.notes.documents.blocks import Document, Fact, to_json

TEMPLATE = Path(__file__).parents[3] / "templates" / "notes" / "summary.typ"


def write_pdf(document: Document) -> bytes:
    """Characters that no embedded font has are written out by name, and the page says so."""
    return pdf_from(TEMPLATE, to_json(document), _saying_so)


def _saying_so(data: Data) -> Data:
    told = _("Characters that the fonts of this file do not have are written by name in brackets.")
    return {**data, "facts": [*data["facts"], to_json(Fact(_("Characters"), told))]}
