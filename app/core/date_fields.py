"""A day and an hour as text fields: written in any European way, read by the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Any, TypeVar

from wtforms import DateField, TimeField
from wtforms.widgets import TextInput

from app.core.i18n import lazy_

# Decimal keyboards of telephones have a dot or a comma, and no colon.
BETWEEN = r"\s*[-./, ]\s*"
YEAR_FIRST = re.compile(rf"([0-9]{{4}}){BETWEEN}([0-9]{{1,2}}){BETWEEN}([0-9]{{1,2}})")
DAY_FIRST = re.compile(rf"([0-9]{{1,2}}){BETWEEN}([0-9]{{1,2}}){BETWEEN}([0-9]{{4}})")
CLOCK = re.compile(r"([0-9]{1,2})(?:\s*[:.,h ]?\s*([0-9]{2}))?(?::[0-9]{2})?\s*h?")
LONGEST = 40
Read = TypeVar("Read", date, time)


def read_day(text: str) -> date:
    """The day that is meant, the day before the month. Raise ValueError for anything else."""
    words = text.strip()[:LONGEST]
    if found := YEAR_FIRST.fullmatch(words):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(words.removesuffix(".")):
        day, month, year = found.groups()
    else:
        raise ValueError(words)
    return date(int(year), int(month), int(day))


def day_or_none(text: str) -> date | None:
    """The day a draft was saved with, as far as it was one."""
    try:
        return read_day(text)
    except ValueError:
        return None


def read_hour(text: str) -> time:
    """The time of day that is meant. Raise ValueError for anything else."""
    found = CLOCK.fullmatch(text.strip()[:LONGEST].lower())
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))


class Day(DateField):
    widget: Any = TextInput()

    def __init__(self, label: Any, validators: Any, **more: Any) -> None:
        more = {"description": lazy_("Like 2026-12-10"), "render_kw": _asks("date"), **more}
        super().__init__(label, validators, **more)  # type: ignore[no-untyped-call]

    def process_formdata(self, values: list[Any]) -> None:
        self.data = _read(read_day, values, lazy_("Write the day like 2026-12-10."))


class Hour(TimeField):
    widget: Any = TextInput()

    def __init__(self, label: Any, validators: Any, **more: Any) -> None:
        more = {"description": lazy_("Like 14:30"), "render_kw": _asks("time"), **more}
        super().__init__(label, validators, **more)  # type: ignore[no-untyped-call]

    def process_formdata(self, values: list[Any]) -> None:
        self.data = _read(read_hour, values, lazy_("Write the time like 14:30."))


def _asks(kind: str) -> dict[str, str]:
    return {"inputmode": "decimal", "autocomplete": "off", "data-picker": kind}


def _read(read: Callable[[str], Read], values: list[Any], advice: Any) -> Read | None:
    if not values:
        return None
    try:
        return read(values[0])
    except ValueError as error:
        raise ValueError(advice) from error
