"""What organisers want to know from whoever registers."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms import BooleanField, FormField, SubmitField
from wtforms.validators import Length, ValidationError

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import RowNumber, Rows, one_of
from app.webinars.asking import MOST_CHOICES, MOST_QUESTIONS
from app.webinars.enums import QuestionKind

ROWS, MORE_ROWS = 3, 3
LONGEST_CHOICE = 100
KINDS = [
    (QuestionKind.TEXT.value, lazy_("Text")),
    (QuestionKind.CHOICE.value, lazy_("One of several answers")),
    (QuestionKind.YES_NO.value, lazy_("Yes or no")),
]


class QuestionForm(wtforms.Form):
    id = RowNumber()
    label = TextField(lazy_("Question"), [Length(max=200, message=lazy_("Up to 200 characters."))])
    kind = one_of(lazy_("Answered by"), KINDS)
    choices = LongTextField(
        lazy_("Answers to choose from, one a line"),
        [Length(max=4000, message=lazy_("Up to 4,000 characters."))],
    )
    is_required = BooleanField(lazy_("Everybody has to answer"))

    def validate_choices(self, field: Any) -> None:
        """Two different answers or more, each short enough to be read at once."""
        if not self.label.data or self.kind.data != QuestionKind.CHOICE:
            return
        choices = self.lines
        if len(choices) < 2:
            raise ValidationError(lazy_("Write two answers or more, each on its own line."))
        if len(choices) > MOST_CHOICES:
            raise ValidationError(
                lazy_("Write %(most)s answers at most.", most=MOST_CHOICES),
            )
        if any(len(choice) > LONGEST_CHOICE for choice in choices):
            raise ValidationError(
                lazy_("Each answer has up to %(most)s characters.", most=LONGEST_CHOICE)
            )

    @property
    def lines(self) -> tuple[str, ...]:
        """The answers to choose from, each once."""
        typed = (" ".join(line.split()) for line in (self.choices.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in typed if line))


class QuestionsForm(Form):
    rows = Rows(FormField(QuestionForm), min_entries=ROWS, max_entries=MOST_QUESTIONS)
    more = SubmitField(lazy_("Add rows"))


class AgainForm(Form):
    """A button."""
