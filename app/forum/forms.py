"""What people fill in to take part in a conversation."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import language, lazy_
from app.forum.enums import ThreadKind
from app.forum.languages import CODES, language_choices

LONGEST_BODY = 32_000
SHORTEST_BODY = 5

BODY_LENGTH = Length(SHORTEST_BODY, LONGEST_BODY, lazy_("Write between 5 and 32,000 characters."))
TITLE_LENGTH = Length(8, 150, lazy_("Write a title of 8 to 150 characters."))
REASON_LENGTH = Length(max=200, message=lazy_("Use at most 200 characters."))


def guessed_language() -> str:
    """The language somebody most likely writes in: that of their pages."""
    return language() if language() in CODES else "en"


class _TextForm(Form):
    """A text, its language, and which save of the draft it continues."""

    body = LongTextField(lazy_("Text"), [BODY_LENGTH])
    language = SelectField(lazy_("Language of this text"), default=guessed_language)
    draft_sequence = IntegerField(
        default=0, validators=[Optional()], widget=HiddenInput(), filters=[lambda n: n or 0]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()


class ReplyForm(_TextForm):
    body = LongTextField(lazy_("Your reply"), [BODY_LENGTH])
    reply_to = IntegerField(validators=[Optional()], widget=HiddenInput())


class EditForm(_TextForm):
    body = LongTextField(lazy_("Text"), [BODY_LENGTH])
    reason = TextField(lazy_("Why do you change it?"), [REASON_LENGTH])
    based_on = HiddenField()
    started_from = LongTextField(widget=HiddenInput())


class ThreadForm(_TextForm):
    title = TextField(lazy_("Title"), [TITLE_LENGTH])
    topic = SelectField(lazy_("Topic"))
    kind = SelectField(
        lazy_("What is it?"),
        choices=[
            (ThreadKind.QUESTION.value, lazy_("A question")),
            (ThreadKind.DISCUSSION.value, lazy_("A discussion")),
            (ThreadKind.PRACTICE.value, lazy_("Something that works in our city")),
        ],
        default=ThreadKind.DISCUSSION.value,
    )
    audience = SelectField(lazy_("Who can read it?"), default="topic")
