"""Questions as part of a text in Markdown, and as a title."""

from __future__ import annotations

import re

MARK = re.compile(r"([!-/:-@\[-`{-~])")
LONGEST_TITLE = 150


def quoted(text: str) -> str:
    """Exactly these letters in a quote: no mark, link or mention of theirs comes to life."""
    lines = MARK.sub(r"\\\1", text).splitlines() or [""]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def title_of(text: str) -> str:
    words = " ".join(text.split())
    if len(words) <= LONGEST_TITLE:
        return words
    cut = words[: LONGEST_TITLE - 1].rpartition(" ")[0] or words[: LONGEST_TITLE - 1]
    return cut.rstrip(" ,;:.") + "…"
