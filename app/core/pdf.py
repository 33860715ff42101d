"""Tagged PDF (PDF/UA-1) from a Typst template and data. Text is never Typst source."""

from __future__ import annotations

import importlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

MISSING = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
RUST_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")
FAMILIAR = 0x2000
"""Below it every European script; the embedded fonts have them."""
NOT_WORDS = {"kind", "href", "anchor", "anchors"}
JOINERS = ("\u200d", "\ufe0f")  # they make one picture of several, and join no names
UNDRAWN = {"Cf", "Mn"}

FACES = Path(__file__).parents[1] / "static" / "vendor" / "print"
"""Our typeface, laid there by `core.assets`. Typst brings others for what it lacks."""

Data = dict[str, Any]

_lacking: set[str] = set()
"""What was found out so far; the fonts stay the same, so nobody waits for it again."""


def pdf_from(template: Path, data: Data, saying_so: Callable[[Data], Data]) -> bytes:
    """Characters that no embedded font has are written out by name; `saying_so` adds that to the
    data."""
    lacking = _lacking & set(str(data))
    try:
        return _compiled(template, saying_so(data) if lacking else data, lacking)
    except _typst().TypstError as error:
        if not MISSING.search(str(error)):
            raise
        _lacking.update(_alone_in(str(error)))
        return _without(template, saying_so(data), _missing_in(str(error)) | lacking)


def _without(template: Path, data: Data, missing: set[str]) -> bytes:
    try:
        return _compiled(template, data, missing)
    except _typst().TypstError as error:
        more = _missing_in(str(error)) | missing | _unfamiliar(str(data))
        return _compiled(template, data, more)


def _compiled(template: Path, data: Data, missing: set[str] | None = None) -> bytes:
    table = {ord(character): _name_of(character) for character in (*JOINERS, *(missing or ()))}
    words = _translated(data, table) if missing else data
    made: bytes = _typst().compile(
        _template(template),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(words)},
        font_paths=_fonts(),
        ignore_system_fonts=True,
    )
    return made


@cache
def _template(path: Path) -> bytes:
    return path.read_bytes()


def _missing_in(message: str) -> set[str]:
    return {one for text in _undrawn(message) for one in text if ord(one) > 0x7F}


def _alone_in(message: str) -> set[str]:
    """Those that a font lacks wherever they stand: not a letter that only misses its accent."""
    drawn = ("".join(one for one in text if _is_drawn(one)) for text in _undrawn(message))
    return {text for text in drawn if len(text) == 1 and ord(text) >= FAMILIAR}


def _undrawn(message: str) -> Iterator[str]:
    """Each piece of text that could not be drawn."""
    for found in MISSING.findall(message):
        yield RUST_ESCAPE.sub(lambda m: chr(int(m[1], 16)), found)


def _is_drawn(character: str) -> bool:
    return unicodedata.category(character) not in UNDRAWN


def _unfamiliar(text: str) -> set[str]:
    return {character for character in text if ord(character) >= FAMILIAR}


def _name_of(character: str) -> str:
    if not _is_drawn(character):
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
            name: part if name in NOT_WORDS else _translated(part, table)
            for name, part in value.items()
        }
    return value


@cache
def _fonts() -> Any:
    """Looked through once: Typst reads every font's tables for that."""
    folders = [str(FACES)] if FACES.is_dir() else []
    return _typst().Fonts(include_system_fonts=False, font_paths=folders)


@cache
def _typst() -> Any:
    """A large library for what few people ask for: loaded with the first file."""
    return importlib.import_module("typst")
