"""Names of files, as people gave them and as we keep them."""

from __future__ import annotations

from app.core.forms import tidy
from app.core.i18n import _

LONGEST = 200
MEGABYTE = 1024 * 1024


def clean_name(name: str) -> str:
    """The last part of a path on any system, one line, at most 200 letters, with its extension."""
    last = tidy(name).replace("\\", "/").rsplit("/", 1)[-1]
    words = " ".join(last.split()).strip(". ")
    stem, dot, extension = words.rpartition(".")
    if not dot:
        return words[:LONGEST] or _("file")
    return f"{stem[: LONGEST - len(extension) - 1].rstrip()}.{extension}"[:LONGEST]


def extension_of(name: str) -> str:
    """In small letters, without the dot."""
    return name.rpartition(".")[2].lower() if "." in name else ""
