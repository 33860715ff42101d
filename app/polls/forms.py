"""Writing a quick poll, and what else organisers send."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import RowNumber, is_number
from app.polls.enums import ResultsShown
from app.polls.writing import PollTexts

FEWEST, MOST, LONGEST = 2, 10, 200
SHOWN = [
    (ResultsShown.VOTED.value, lazy_("At once to whoever voted, to everybody once it is closed")),
    (ResultsShown.CLOSED.value, lazy_("To everybody once it is closed")),
    (ResultsShown.NEVER.value, lazy_("To organisers only")),
]


class PollForm(Form):
    question = TextField(
        lazy_("Question"),
        [
            InputRequired(lazy_("Write the question.")),
            Length(max=300, message=lazy_("Up to 300 characters.")),
        ],
    )
    options = LongTextField(
        lazy_("Answers to choose from, one a line"),
        [
            InputRequired(lazy_("Write two answers or more, each on its own line.")),
            Length(max=4000, message=lazy_("Up to 4,000 characters.")),
        ],
    )
    is_multiple = BooleanField(lazy_("People may choose several answers"))
    results = RadioField(
        lazy_("Who sees the results"),
        [AnyOf([kind for kind, _words in SHOWN], message=lazy_("Choose one from the list."))],
        choices=SHOWN,
        default=ResultsShown.VOTED.value,
        validate_choice=False,
    )
    version = RowNumber()

    def validate_options(self, field: Any) -> None:
        """As many answers as people can read at once, each once."""
        lines = self.lines
        if len(lines) < FEWEST:
            raise ValidationError(lazy_("Write two answers or more, each on its own line."))
        if len(lines) > MOST:
            raise ValidationError(lazy_("Write %(most)s answers at most.", most=MOST))
        if len(set(lines)) < len(lines):
            raise ValidationError(lazy_("Write each answer once."))
        if any(len(line) > LONGEST for line in lines):
            raise ValidationError(lazy_("Each answer has up to %(most)s characters.", most=LONGEST))

    @property
    def lines(self) -> list[str]:
        typed = (" ".join(line.split()) for line in (self.options.data or "").splitlines())
        return [line for line in typed if line]

    def texts(self) -> PollTexts:
        return PollTexts(
            question=self.question.data or "",
            options=self.lines,
            is_multiple=bool(self.is_multiple.data),
            results=ResultsShown(self.results.data),
        )


class CopyForm(Form):
    """Into which webinar the polls are copied; its choices are the viewer's own webinars."""

    webinar_id = SelectField(lazy_("Copy these polls into"))


def chosen_options(sent: list[str]) -> set[int]:
    """The answers that a vote names; anything odd is none."""
    return {int(value) for value in sent if is_number(value)}
