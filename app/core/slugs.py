"""Addresses people can read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "Ae", "đ": "d",
     "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "œ": "oe", "Œ": "Oe", "ı": "i"}
)  # fmt: skip

NOTHING_LEFT = "item"


@lru_cache(maxsize=8192)
def slugify(text: str, longest: int = 60) -> str:
    """Latin letters, digits and hyphens; NOTHING_LEFT when nothing of the text is left."""
    plain = unicodedata.normalize("NFKD", text.translate(LETTERS))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return words[:longest].rstrip("-") or NOTHING_LEFT
