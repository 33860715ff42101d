"""A summary as one page for paper: everything is in the file, so it is read offline, too."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.core.templating import rendered
from app.notes.documents.blocks import Document
from config import ROOT

CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STYLES = (
    Path(__file__).with_name("paper.css"),
    ROOT / "app" / "static" / "css" / "components" / "told.css",
)


def write_html(document: Document) -> bytes:
    page = rendered("notes/summary_paper.html", document=document, style=paper_style())
    return page.encode()


def paper_style() -> Markup:
    """How everything for paper looks, to be put into its head."""
    return Markup("<style>{}</style>").format(_style())


@cache
def policy() -> str:
    """What such a page may load: nothing. Its own style is known by its digest."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; {CLOSED}"


@cache
def _style() -> Markup:
    text = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    return Markup(text)  # noqa: S704 - our own style sheets
