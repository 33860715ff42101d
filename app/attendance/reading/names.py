"""When two names are the same name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

BRACKETED = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
LETTERS = re.compile(r"[^\W_]+")


def name_key(name: str) -> str:
    """Without case, accents, brackets, commas and order: "Officer, Housing (External)"."""
    return _key(BRACKETED.sub(" ", name)) or _key(name)


def name_keys(name: str) -> Iterator[str]:
    """The name, and the one in brackets: Zoom writes the shown name (and the original one)."""
    yield name_key(name)
    for inside in BRACKETED.findall(name):
        if key := _key(inside):
            yield key


def _key(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(sorted(LETTERS.findall(plain)))
