"""The list of participants as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.core.i18n import _, in_language
from app.webinars.models import Registration
from app.webinars.words import state_words

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # tells spreadsheets that it is UTF-8


def participants_csv(registrations: Iterable[Registration]) -> str:
    """Name, city, state, language, needs, and whether the person came."""
    lines = io.StringIO()
    table = csv.writer(lines)
    table.writerow(
        [_("Name"), _("City"), _("State"), _("Language"), _("Access needs"), _("Joined")]
    )
    for row in registrations:
        joined = row.joined_at.isoformat(timespec="minutes") if row.joined_at else ""
        state = state_words(row.state)
        cells = [row.name, city_of(row), state, row.language, row.access_needs, joined]
        table.writerow([_harmless(cell) for cell in cells])
    return BOM + lines.getvalue()


def city_of(registration: Registration) -> str:
    """The member's city, else what a guest wrote."""
    return in_language(registration.city.names) if registration.city else registration.city_label


def _harmless(cell: str) -> str:
    """A spreadsheet would run a cell that starts like a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
