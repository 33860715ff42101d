"""The forms of questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, Length, Optional

from app.core.forms import Form, LongTextField
from app.core.i18n import _, lazy_
from app.questions.asking import LONGEST

TOO_LONG = lazy_("This is too long: 1,000 characters at most.")


class AskForm(Form):
    """A question of the audience."""

    body = LongTextField(
        lazy_("Your question"),
        [
            DataRequired(lazy_("Write your question first.")),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )
    agenda_item = SelectField(lazy_("About"), [Optional()], default="")
    is_unnamed = BooleanField(lazy_("Show neither my name nor my city"))

    def item_id(self) -> int | None:
        return int(self.agenda_item.data) if self.agenda_item.data else None


def ask_form(webinar: Any, **given: Any) -> AskForm:
    """With the items of the programme to choose from."""
    form = AskForm(**given)
    items = [(str(item.id), item.title) for item in webinar.agenda]
    form.agenda_item.choices = [("", _("The whole webinar")), *items]
    return form


def blank_ask_form(webinar: Any) -> AskForm:
    """For parts of pages that are kept, whatever the running request sent."""
    return ask_form(webinar, formdata=None)


class DismissForm(Form):
    reason = LongTextField(
        lazy_("Why it is not shown (whoever asked reads it)"),
        [
            DataRequired(lazy_("Say in a sentence why. Whoever asked reads it.")),
            Length(max=500, message=lazy_("This is too long: 500 characters at most.")),
        ],
    )


class AnswerForm(Form):
    answer = LongTextField(
        lazy_("Answer"),
        [
            DataRequired(lazy_("Write the answer first.")),
            Length(max=20_000, message=lazy_("This is too long: 20,000 characters at most.")),
        ],
    )


class MergeForm(Form):
    target = SelectField(
        lazy_("It asks the same as"), [DataRequired(lazy_("Choose the other question."))]
    )


def merge_form(others: Iterable[Any], **given: Any) -> MergeForm:
    form = MergeForm(**given)
    form.target.choices = [(str(other.id), other.body[:120]) for other in others]
    return form
