"""Cutting a variable font down to one script and the weights we use."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

logging.getLogger("fontTools").setLevel(logging.ERROR)

# fontTools is untyped.
subsetting: Any = subset
instantiate: Any = instantiateVariableFont
LIGHTEST = 400
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case", "ss01"]
NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]


def cut(source: Path, ranges: str, heaviest: int) -> bytes:
    """WOFF2 with the characters of `ranges` ("0370-03FF,1F00") and weights 400 to `heaviest`."""
    font = TTFont(source, recalcTimestamp=False)
    subsetter = subsetting.Subsetter(_options())
    subsetter.populate(unicodes=subsetting.parse_unicodes(ranges))
    subsetter.subset(font)
    # The instancer wants a font as read from a file, not one that was changed in memory.
    fresh = TTFont(io.BytesIO(_saved(font)), recalcTimestamp=False)
    narrowed = instantiate(fresh, {"wght": (LIGHTEST, heaviest)})
    narrowed.flavor = "woff2"
    return _saved(narrowed)


def _options() -> Any:
    options = subsetting.Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = FEATURES
    options.name_IDs = NAMES
    return options


def _saved(font: Any) -> bytes:
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()
