"""What an organiser says about a report before it counts."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Optional

from app.attendance.enums import Column, DayOrder
from app.attendance.reading.headings import Columns
from app.attendance.reading.report import Choices, Understood
from app.core.forms import Form
from app.core.i18n import lazy_

NONE = "-"
LONGEST_HEAD = 60
NAMED = {
    Column.NAME: lazy_("Name"),
    Column.EMAIL: lazy_("Mail address"),
    Column.JOINED: lazy_("Came in"),
    Column.LEFT: lazy_("Went out"),
    Column.MINUTES: lazy_("Length of the stay"),
    Column.ACTION: lazy_("Coming or going"),
    Column.MOMENT: lazy_("Moment of coming or going"),
}


class ChoicesForm(Form):
    tzid = SelectField(lazy_("Time zone of the report"), validate_choice=False)
    order = RadioField(
        lazy_("How does the report write its dates?"),
        [Optional()],
        choices=[
            (DayOrder.DAY_FIRST.value, lazy_("The day first: 6/7 is 6 July")),
            (DayOrder.MONTH_FIRST.value, lazy_("The month first: 6/7 is 7 June")),
        ],
        default=None,
        validate_choice=False,
    )
    is_sure = BooleanField(lazy_("The columns are right."))

    def choices(self, known: Choices) -> Choices:
        """As far as they can be; anything odd is not said."""
        return Choices(known.tzid, known.near, self._order(), self._columns())

    def show_columns(self, read: Understood) -> None:
        """Offer the columns of the report, as they were understood."""
        offered = [(NONE, "–"), *((str(at), _head(cell, at)) for at, cell in enumerate(read.head))]
        for column in NAMED:
            field = self[column.value]
            field.choices = offered
            field.data = str(read.columns.get(column, NONE))

    def _order(self) -> DayOrder | None:
        return next((one for one in DayOrder if one.value == self.order.data), None)

    def _columns(self) -> Columns | None:
        """None: leave it to the report. A name and one more at least."""
        said = {column: self[column.value].data for column in NAMED}
        found = {
            column: int(at)
            for column, at in said.items()
            if at and at.isascii() and at.isdecimal() and len(at) < 4
        }
        return found if Column.NAME in found and len(found) > 1 else None


def _head(cell: str, at: int) -> str:
    return cell[:LONGEST_HEAD] or str(at + 1)


for _column, _label in NAMED.items():
    _field: Any = SelectField(_label, [Optional()], choices=[(NONE, "–")], validate_choice=False)
    setattr(ChoicesForm, _column.value, _field)
