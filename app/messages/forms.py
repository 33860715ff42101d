"""What people fill in to write privately."""

from __future__ import annotations

import re

from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import lazy_
from app.files.fields import FilesField
from app.messages.enums import ReportReason

BODY_LENGTH = Length(1, 32_000, lazy_("Write between 1 and 32,000 characters."))
SUBJECT_LENGTH = Length(3, 150, lazy_("Write a subject of 3 to 150 characters."))
REASONS = {
    ReportReason.PERSONAL_DATA: lazy_("It gives away personal data"),
    ReportReason.PROMOTIONAL: lazy_("It advertises something"),
    ReportReason.DISRESPECTFUL: lazy_("It is disrespectful"),
    ReportReason.CONFIDENTIAL: lazy_("It is confidential"),
    ReportReason.ILLEGAL: lazy_("It is against the law"),
    ReportReason.OTHER: lazy_("Something else"),
}


class MessageForm(Form):
    files = FilesField(lazy_("Files"))
    body = LongTextField(lazy_("Your message"), [BODY_LENGTH])
    draft_sequence = IntegerField(
        default=0, validators=[Optional()], widget=HiddenInput(), filters=[lambda n: n or 0]
    )


class ConversationForm(MessageForm):
    people = TextField(
        lazy_("To whom?"),
        [InputRequired(lazy_("Write at least one short name.")), Length(max=500)],
    )
    subject = TextField(lazy_("Subject"), [SUBJECT_LENGTH])

    def handles(self) -> list[str]:
        """The short names that were written, with or without @."""
        return [word.removeprefix("@") for word in re.split(r"[\s,;]+", self.people.data) if word]


class ReportForm(Form):
    reason = SelectField(
        lazy_("What is wrong with it?"),
        choices=[(reason.value, words) for reason, words in REASONS.items()],
    )
    words = LongTextField(
        lazy_("In your words"), [Length(max=2000, message=lazy_("Use at most 2,000 characters."))]
    )


class DecisionForm(Form):
    decision = LongTextField(
        lazy_("Your reason, for the log"),
        [
            InputRequired(lazy_("Write a reason.")),
            Length(max=2000, message=lazy_("Use at most 2,000 characters.")),
        ],
    )
