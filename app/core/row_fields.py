"""Fields that say in plain words what they expect, and lists of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from wtforms import FieldList, IntegerField, SelectField
from wtforms.validators import AnyOf
from wtforms.widgets import HiddenInput

from app.core.date_fields import read_day
from app.core.forms import LongTextField
from app.core.i18n import lazy_

ADDRESS = r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+$"
LONGEST_ID = 9
MOST_LINES = 100


class Rows(FieldList):
    """A list of rows. Numbers in field names that are no numbers are passed over."""

    if TYPE_CHECKING:  # WTForms has no types

        def __init__(self, unbound: Any, **more: Any) -> None: ...
        def append_entry(self, data: Any = None) -> Any: ...

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        offset = len(prefix) + 1
        for name in formdata:
            number = name[offset:].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if is_number(number):
                yield int(number)

    def grow(self, rows: int) -> None:
        """Add empty rows, as far as there is room."""
        room = self.max_entries - len(self.entries)
        for _row in range(min(rows, room)):
            self.append_entry()


class Whole(IntegerField):
    if TYPE_CHECKING:

        def __init__(self, label: Any, validators: Any, description: Any = "") -> None: ...

    def process_formdata(self, values: list[Any]) -> None:
        try:
            super().process_formdata(values)  # type: ignore[no-untyped-call]
        except ValueError as error:
            raise ValueError(lazy_("Write a whole number.")) from error


class Days(LongTextField):
    """One day on each line; `dates` are what was read."""

    dates: tuple[date, ...] = ()

    def process_formdata(self, values: list[Any]) -> None:
        super().process_formdata(values)
        try:
            lines = (self.data or "").splitlines()[:MOST_LINES]
            self.dates = tuple(read_day(line) for line in lines if line.strip())
        except ValueError as error:
            raise ValueError(lazy_("Write one day on each line, like 2026-12-10.")) from error


class RowNumber(IntegerField):
    """The id or version of the row that is changed; anything odd is none."""

    if TYPE_CHECKING:

        def __init__(self) -> None: ...

    widget: Any = HiddenInput()

    def process_formdata(self, values: list[Any]) -> None:
        self.data = int(values[0]) if values and is_number(values[0]) else None


def one_of(label: Any, choices: Sequence[tuple[str, Any]]) -> Any:
    """A field for one of a short list, the first unless another is chosen.

    Whatever else is sent is refused in plain words.
    """
    known = [value for value, _words in choices]
    check = AnyOf(known, message=lazy_("Choose one from the list."))
    return SelectField(label, [check], choices=choices, default=known[0], validate_choice=False)


def is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
