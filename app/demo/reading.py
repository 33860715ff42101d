"""The story as it is written down in app/demo/story/."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

STORY = Path(__file__).parent / "story"

Entry = dict[str, Any]


def chapter(name: str) -> dict[str, list[Entry]]:
    """One file of the story: its tables as lists of entries."""
    return tomllib.loads((STORY / f"{name}.toml").read_text(encoding="utf-8"))
