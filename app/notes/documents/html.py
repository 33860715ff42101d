"""A summary as one page for paper: everything is in the file, so it is read offline, too."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.core.templating import rendered
from app.notes.documents.blocks import Document

CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
STYLE = Path(__file__).with_name("paper.css")


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
    return Markup(STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own style sheet
