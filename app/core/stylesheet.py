"""One stylesheet out of one file per component, in the order of the layers.

`url("icon:reply")` stands for the drawing of that icon.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

LAYERS = ["reset", "tokens", "base", "layout", "components", "utilities"]
FONTS = "fonts.css"
ICON = re.compile(r'url\("icon:([a-z0-9-]+)"\)')


def joined_stylesheet(static: Path, built: dict[str, str], icon: Callable[[str], str]) -> str:
    """site.css. `built` maps names to hashed names in vendor/; without it there is no own font.
    `icon` gives the address of a drawing.
    """
    parts = [f"@layer {', '.join(LAYERS)};\n", _fonts(static, built)]
    for layer in LAYERS:
        parts += [_in_layer(layer, path.read_text()) for path in _files(static / "css", layer)]
    return ICON.sub(lambda found: f'url("{icon(found[1])}")', "".join(parts))


def _files(css: Path, layer: str) -> list[Path]:
    if layer == "components":
        return sorted((css / "components").glob("*.css"))
    if layer == "utilities":
        return [css / "utilities.css", css / "print.css"]
    return [css / f"{layer}.css"]


def _in_layer(layer: str, text: str) -> str:
    return f"@layer {layer} {{\n{text}}}\n"


def _fonts(static: Path, built: dict[str, str]) -> str:
    if FONTS not in built:
        return ""
    return (static / "vendor" / built[FONTS]).read_text()
