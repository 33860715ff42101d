"""A summary as tagged PDF (PDF/UA-1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app.core.i18n import _
from app.core.pdf import Data, pdf_from
from app.notes.documents.blocks import Document, Fact, anchors_in, is_inner, to_json

BOXES = {ord("☐"): "[ ]", ord("☑"): "[x]"}
"""Of task lists. No font of a PDF has them, and their names would stand in every line."""

TEMPLATE = Path(__file__).parents[3] / "templates" / "notes" / "summary.typ"


def write_pdf(document: Document) -> bytes:
    """Characters that no embedded font has are written out by name, and the page says so."""
    places = set(anchors_in(document.blocks))
    shown = replace(document, facts=document.joined_facts)
    return pdf_from(TEMPLATE, _joined(to_json(shown), places), _saying_so)


def _joined(value: Any, places: set[str]) -> Any:
    """The model as Typst takes it: links inside of it lead to places that are there."""
    if isinstance(value, list):
        return [_joined(part, places) for part in value]
    if not isinstance(value, dict):
        return value
    made = {name: _joined(part, places) for name, part in value.items()}
    if made["kind"] == "run":
        made["text"] = made["text"].translate(BOXES)
    if made["kind"] == "table":
        made["anchors"] = made["anchors"] or [""] * len(made["rows"])
    if made["kind"] == "run" and is_inner(made["href"]) and made["href"][1:] not in places:
        made["href"] = ""
    return made


def _saying_so(data: Data) -> Data:
    told = _("Characters that the fonts of this file do not have are written by name in brackets.")
    return {**data, "facts": [*data["facts"], to_json(Fact(_("Characters"), told))]}
