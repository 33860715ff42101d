"""Which release of the world's zone rules this process reads, and reading it anew."""

from __future__ import annotations

import zoneinfo
from importlib.metadata import version
from pathlib import Path

from app.core.zones import zone_names

BEGINS = "# version "


def zone_data_version() -> str:
    """Like 2026a: of the system's own data if it has any, else of the installed package."""
    for folder in map(Path, zoneinfo.TZPATH):
        if found := _version_in(folder / "tzdata.zi") or _version_in(folder / "+VERSION"):
            return found
    return version("tzdata")


def read_zones_anew() -> None:
    """Forget what was loaded: the system's data may have been replaced since."""
    zoneinfo.ZoneInfo.clear_cache()
    zone_names.cache_clear()


def _version_in(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open() as lines:
        return lines.readline().removeprefix(BEGINS).strip()[:20]
