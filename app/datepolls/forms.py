"""Asking for a date, and answering."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import FormField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.date_fields import Day, Hour
from app.core.forms import Form, LongTextField
from app.core.i18n import lazy_
from app.core.row_fields import Rows, Whole
from app.datepolls.enums import Vote

MOST_SLOTS, SLOT_ROWS, MORE_ROWS = 20, 5, 3
SLOT = "slot_"
VOTES = [
    (Vote.YES.value, lazy_("Yes")),
    (Vote.IF_NEEDED.value, lazy_("If needed")),
    (Vote.NO.value, lazy_("No")),
]


class SlotRow(wtforms.Form):
    date = Day(lazy_("Day"), [Optional()])
    start_local = Hour(lazy_("From"), [Optional()])


class AskForm(Form):
    """Rows without a day are passed over; all slots have the same length and zone."""

    slots = Rows(FormField(SlotRow), max_entries=MOST_SLOTS)
    minutes = Whole(
        lazy_("Length in minutes"),
        [
            InputRequired(lazy_("Say how long it takes.")),
            NumberRange(15, 480, message=lazy_("From 15 to 480 minutes.")),
        ],
    )
    tzid = SelectField(lazy_("In the time of"))
    closes_on = Day(
        lazy_("Answers until the end of"), [InputRequired(lazy_("Choose the last day."))]
    )
    remark = LongTextField(
        lazy_("What people should know"),
        [Optional(), Length(max=1000, message=lazy_("Up to 1,000 characters."))],
    )

    def filled(self) -> list[Any]:
        """The rows with a day."""
        return [row.form for row in self.slots if row.form.date.data]


class VoteForm(Form):
    """One question for each slot; made by `vote_form`."""

    @property
    def questions(self) -> list[Any]:
        return [field for name, field in self._fields.items() if name.startswith(SLOT)]

    def answers(self) -> dict[int, Vote]:
        """What was answered, by slot."""
        given = {field: field.data for field in self.questions if field.data}
        return {int(field.name.removeprefix(SLOT)): Vote(value) for field, value in given.items()}


def vote_form(slots: list[tuple[int, str]], chosen: dict[int, Vote]) -> VoteForm:
    """`slots`: number and words of each; `chosen`: what the reader answered before."""
    fields = {
        f"{SLOT}{slot_id}": RadioField(words, [Optional()], choices=VOTES)
        for slot_id, words in slots
    }
    bound: type[VoteForm] = type("BoundVoteForm", (VoteForm,), fields)
    return bound(data={f"{SLOT}{slot_id}": vote.value for slot_id, vote in chosen.items()})
