"""Who was there as a table: names by city, under the Chatham House rule cities alone."""

from __future__ import annotations

import csv
from typing import TextIO

from app.attendance.listing import everybody, present_by_city
from app.core.i18n import _
from app.webinars.exporting import BOM, harmless, names_stay, separator
from app.webinars.models import Webinar


def write_attendance(target: TextIO, webinar: Webinar) -> None:
    """`target` is opened with newline="" as csv wants it."""
    table = csv.writer(target, delimiter=separator(), quoting=csv.QUOTE_ALL)
    target.write(BOM)
    rows = _names(webinar) if names_stay(webinar) else _cities(webinar)
    table.writerows([harmless(cell) for cell in row] for row in rows)


def _names(webinar: Webinar) -> list[list[str]]:
    head = [_("City"), _("Name"), _("Minutes"), _("Known from")]
    return [
        head,
        *(
            [one.city, one.registration.name, _minutes(one.registration.minutes_attended),
             _source(one.said, one.is_reported)]
            for one in everybody(webinar)
            if one.was_there
        ),
    ]  # fmt: skip


def _cities(webinar: Webinar) -> list[list[str]]:
    counted = present_by_city(webinar)
    return [[_("City"), _("People")], *([name, str(people)] for name, people in counted)]


def _source(said: bool | None, is_reported: bool) -> str:
    if said is not None:
        return _("Organisers")
    return _("Report of the room") if is_reported else _("Click")


def _minutes(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes)
