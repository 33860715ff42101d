"""A summary as tagged PDF (PDF/UA-1)."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import typst

from app.core.i18n import _
from app.notes.documents.blocks import Document, Fact, to_json

TEMPLATE = Path(__file__).parents[3] / "templates" / "notes" / "summary.typ"
MISSING = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
RUST_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
FAMILIAR = 0x2000
"""Below it every European script; the embedded fonts have them."""


def write_pdf(document: Document) -> bytes:
    """Characters that no embedded font has are written out by name, and the page says so."""
    try:
        return _compile(document)
    except typst.TypstError as error:
        missing = _missing_in(str(error))
        if not missing:
            raise
        return _compile_without(document, missing)


def _compile_without(document: Document, missing: set[str]) -> bytes:
    told = _("Characters that the fonts of this file do not have are written by name in brackets.")
    said = replace(document, facts=(*document.facts, Fact(_("Characters"), told)))
    try:
        return _compile(said, missing)
    except typst.TypstError as error:
        more = _missing_in(str(error)) | missing | _unfamiliar(str(to_json(document)))
        return _compile(said, more)


def _compile(document: Document, missing: set[str] | None = None) -> bytes:
    table = {ord(character): _name_of(character) for character in missing or ()}
    data = _translated(to_json(document), table) if table else to_json(document)
    return typst.compile(
        _template(),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,
    )


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


def _missing_in(message: str) -> set[str]:
    shown = (RUST_ESCAPE.sub(lambda m: chr(int(m[1], 16)), m) for m in MISSING.findall(message))
    return {character for text in shown for character in text if ord(character) > 0x7F}


def _unfamiliar(text: str) -> set[str]:
    return {character for character in text if ord(character) >= FAMILIAR}


def _name_of(character: str) -> str:
    if unicodedata.category(character) in {"Cf", "Mn"}:
        return ""
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return f"[{name.removeprefix('CJK UNIFIED IDEOGRAPH-').lower()}]"


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_translated(part, table) for part in value]
    if isinstance(value, dict):
        return {
            name: part if name in {"kind", "href"} else _translated(part, table)
            for name, part in value.items()
        }
    return value
