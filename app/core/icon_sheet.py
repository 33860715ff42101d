"""The drawings of our icons: one file of symbols that pages refer to, or one by one, also for the
stylesheet.

Which are on the sheet says `icon_names.txt`. A name that is not there is drawn into the page.
It imports nothing of the application: `own_files.py` runs it as a file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

NAMES = Path(__file__).with_name("icon_names.txt")
SVG = re.compile(r"<svg [^>]*>(.*)</svg>")
SHEET = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
SYMBOL = '<symbol id="{}" viewBox="0 0 24 24">{}</symbol>'
INLINE = '<svg class="i" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">{}</svg>'

ALONE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#000" '
    'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)


@cache
def sheet() -> str:
    """Every icon that is referred to by its name."""
    return SHEET.format("".join(SYMBOL.format(name, lines(name)) for name in sorted(sheet_names())))


@cache
def sheet_names() -> frozenset[str]:
    return frozenset(NAMES.read_text().split())


@cache
def drawing(name: str) -> str:
    """One icon as a whole. Raise KeyError when there is none of this name."""
    return INLINE.format(lines(name))


def data_address(name: str) -> str:
    """One icon as a data: address, for what a stylesheet cuts out in a colour of its own."""
    return "data:image/svg+xml," + quote(ALONE.format(lines(name)), safe=" ='/:,.-")


def lines(name: str) -> str:
    """What is drawn, without how: that says the style sheet, once for all icons."""
    words = " ".join(_drawings().read(f"{name}.svg").decode().split())
    found = SVG.search(words)
    return found[1].strip().replace(" />", "/>").replace("> <", "><") if found else ""


@cache
def _drawings() -> ZipFile:
    """Opened once for all icons: there is a long list to read before the first."""
    return ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes()))
