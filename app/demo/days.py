"""Days in the texts of the story, counted from a meeting or from the moment it is told."""

from __future__ import annotations

import re
from datetime import date, timedelta

from babel.dates import format_date

from app.core.i18n import with_region

PLACE = re.compile(r"\{(now)?([+-]\d+)\}")


def with_days(text: str, met_on: date, today: date, language: str) -> str:
    """{+21} is the day three weeks after the meeting, {now+6} the day in six days, in words."""

    def said(found: re.Match[str]) -> str:
        counted_from = today if found[1] else met_on
        day = counted_from + timedelta(days=int(found[2]))
        return str(format_date(day, "long", locale=with_region(language)))

    return PLACE.sub(said, text)
