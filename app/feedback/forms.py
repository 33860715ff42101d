"""Giving feedback, and what organisers ask besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import wtforms
from wtforms import BooleanField, FormField, RadioField
from wtforms.validators import Length, Optional

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.core.row_fields import RowNumber, Rows, one_of
from app.feedback.answering import Said
from app.feedback.asking import MOST_QUESTIONS, AskedQuestion
from app.feedback.enums import SurveyKind

OWN = "own_"
YES, NO = "yes", "no"
USEFULNESS = [
    ("1", lazy_("1, not at all")),
    ("2", "2"),
    ("3", "3"),
    ("4", "4"),
    ("5", lazy_("5, very")),
]
YES_NO = [(YES, lazy_("Yes")), (NO, lazy_("No"))]
LONGEST_TEXT = 2000
KINDS = [
    (SurveyKind.SCALE.value, lazy_("One to five")),
    (SurveyKind.YES_NO.value, lazy_("Yes or no")),
    (SurveyKind.TEXT.value, lazy_("Text")),
]


def _scale(label: Any) -> Any:
    return RadioField(label, [Optional()], choices=USEFULNESS)


def _yes_no(label: Any) -> Any:
    return RadioField(label, [Optional()], choices=YES_NO)


def _text(label: Any) -> Any:
    limit = Length(max=LONGEST_TEXT, message=lazy_("Up to 2,000 characters."))
    return LongTextField(label, [Optional(), limit])


class FeedbackForm(Form):
    """Everything may stay empty but not all of it. Made by `feedback_form`."""

    usefulness = _scale(lazy_("How useful was it for your work?"))
    will_use = _yes_no(lazy_("Will you use something of it?"))
    remark = _text(lazy_("What should the organisers know?"))
    topic_wish = TextField(
        lazy_("Which topic should come next?"),
        [Optional(), Length(max=300, message=lazy_("Up to 300 characters."))],
    )

    @property
    def own(self) -> list[Any]:
        return [field for name, field in self._fields.items() if name.startswith(OWN)]

    def said(self) -> Said:
        replies = {field.name.removeprefix(OWN): _value(field) for field in self.own}
        return Said(
            usefulness=_value(self.usefulness),
            will_use=_yes(self.will_use.data),
            remark=self.remark.data or "",
            topic_wish=self.topic_wish.data or "",
            replies={key: value for key, value in replies.items() if value not in (None, "")},
        )


def feedback_form(questions: Sequence[tuple[int, str, SurveyKind]]) -> FeedbackForm:
    """`questions`: number, words and kind of what the organisers ask besides."""
    kinds = {SurveyKind.SCALE: _scale, SurveyKind.YES_NO: _yes_no, SurveyKind.TEXT: _text}
    fields = {f"{OWN}{number}": kinds[kind](label) for number, label, kind in questions}
    bound: type[FeedbackForm] = type("BoundFeedbackForm", (FeedbackForm,), fields)
    return bound()


class OwnQuestionForm(wtforms.Form):
    id = RowNumber()
    label = TextField(lazy_("Question"), [Length(max=200, message=lazy_("Up to 200 characters."))])
    kind = one_of(lazy_("Answered by"), KINDS)


class SurveyForm(Form):
    is_wanted = BooleanField(lazy_("Ask for feedback after this webinar"))
    is_line_public = BooleanField(lazy_("Show everybody the average and the number of answers"))
    rows = Rows(FormField(OwnQuestionForm), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)

    def asked(self) -> list[AskedQuestion]:
        rows = [row.form for row in self.rows]
        return [
            AskedQuestion(row.label.data or "", SurveyKind(row.kind.data), row.id.data)
            for row in rows
        ]


def _value(field: Any) -> Any:
    """A number, yes or no, or a text, whichever the question asks for; None: no answer."""
    if not isinstance(field, RadioField):
        return field.data
    if field.data in (YES, NO):
        return _yes(field.data)
    return int(field.data) if field.data else None


def _yes(said: str | None) -> bool | None:
    return {YES: True, NO: False}.get(said or "")
