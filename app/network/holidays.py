"""Public holidays of whole countries."""

from __future__ import annotations

import importlib
from datetime import date
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=512)
def holiday_name(code: str, day: date, wanted: str) -> str:
    """The public holiday of a whole country on a day, in a language as far as it is known."""
    calendar = _calendar(code, day.year, wanted)
    return "" if calendar is None else str(calendar.get(day) or "")


@lru_cache(maxsize=128)
def _calendar(code: str, year: int, wanted: str) -> Any:
    """Loaded when the first date is asked for: 11 MB that no other page needs."""
    module: Any = importlib.import_module("holidays")
    known = module.list_localized_countries().get(code, [])
    chosen = next((name for name in known if name.split("_")[0] == wanted), None)
    chosen = chosen or next((name for name in known if name.startswith("en")), None)
    try:
        return module.country_holidays(code, years=[year], language=chosen)
    except NotImplementedError:  # a country the library does not have
        return None
