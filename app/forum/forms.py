"""What people fill in to take part in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, IntegerField, SelectField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from app.core.date_fields import Day, Hour
from app.core.forms import Form, LongTextField, TextField
from app.core.i18n import _, in_language, language, lazy_
from app.core.language_guess import guess_language
from app.files.fields import FilesField
from app.forum.desk import Desk
from app.forum.enums import ThreadKind
from app.forum.languages import CODES, language_choices
from app.forum.standing import Choice, Speaker, speaker_choices, speaker_of

LONGEST_BODY = 32_000
SHORTEST_BODY = 5

BODY_LENGTH = Length(SHORTEST_BODY, LONGEST_BODY, lazy_("Write between 5 and 32,000 characters."))
TITLE_LENGTH = Length(8, 150, lazy_("Write a title of 8 to 150 characters."))
REASON_LENGTH = Length(max=200, message=lazy_("Use at most 200 characters."))


def guessed_language() -> str:
    """The language somebody most likely writes in: that of their pages."""
    return language() if language() in CODES else "en"


def language_of(chosen: str, body: str) -> str:
    """The chosen one; else what the text reads like, else that of the writer's pages."""
    return chosen or guess_language(body, CODES, guessed_language())


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


class SpeakerForm(Form):
    """As whom somebody writes: as themselves or for a seat. Offer the seats before use."""

    speaks_as = SelectField(lazy_("You write as"), default="", validate_choice=False)
    seats: Sequence[Any] = ()

    def offer_seats(self, seats: Sequence[Any]) -> None:
        self.seats, self.speaks_as.choices = seats, speaker_choices(seats)
        self.speaks_as.data = self.speaks_as.data or self.speaks_as.choices[0][0]

    def speaker(self) -> Speaker:
        """Raise NotYourSeat for a value that was not offered."""
        return speaker_of(self.seats, self.speaks_as.data)


class _SpokenForm(SpeakerForm, _TextForm):
    """Somebody says something. `offer` what they find at their desk before use.

    `other_draft` is a newer text of another tab, to be shown beside this one.
    """

    language = SelectField(lazy_("Language of this text"), default="")
    files = FilesField(lazy_("Files"))
    other_draft = ""
    hints: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [("", _("Guess from the text")), *language_choices()]

    def offer(self, desk: Desk) -> None:
        self.offer_seats(desk.seats)

    def text_language(self) -> str:
        return language_of(self.language.data, self.body.data)


class ReplyForm(_SpokenForm):
    may_append = False
    body = LongTextField(lazy_("Your reply"), [BODY_LENGTH])
    reply_to = IntegerField(validators=[Optional()], widget=HiddenInput())


class EditForm(_TextForm):
    body = LongTextField(lazy_("Text"), [BODY_LENGTH])
    reason = TextField(lazy_("Why do you change it?"), [REASON_LENGTH])
    files = FilesField(lazy_("Files"))
    based_on = HiddenField()
    started_from = LongTextField(widget=HiddenInput())


class ThreadForm(_SpokenForm):
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
    answers_by = Day(lazy_("Answers wanted until"), [Optional()])
    audience = SelectField(lazy_("Who can read it?"), default="topic")
    topics: Sequence[Any] = ()

    def offer_places(self, topics: Sequence[Any], audiences: list[Choice]) -> None:
        self.topics, self.audience.choices = topics, audiences
        self.topic.choices = [(topic.slug, in_language(topic.names)) for topic in topics]

    def offer_nothing(self) -> None:
        """For somebody whose session ended: what they chose stays chosen, under its own value."""
        self.speaks_as.choices = [(self.speaks_as.data or "", "")]
        for field in (self.topic, self.audience):
            field.choices = [(field.data, field.data)] if field.data else []

    @property
    def chosen_topic(self) -> Any:
        """The topic that the form shows as chosen: without a valid choice the first."""
        by_slug = {topic.slug: topic for topic in self.topics}
        return by_slug.get(self.topic.data) or next(iter(self.topics), None)


class AddendumForm(Form):
    """Words added below a text that stays as it is."""

    body = LongTextField(
        lazy_("What do you add?"),
        [Length(SHORTEST_BODY, 4000, lazy_("Write between 5 and 4,000 characters."))],
    )


class OverviewForm(_TextForm):
    body = LongTextField(
        lazy_("Where this stands"),
        [Length(SHORTEST_BODY, 8000, lazy_("Write between 5 and 8,000 characters."))],
    )
    based_on = IntegerField(default=0, widget=HiddenInput(), filters=[lambda n: n or 0])
    started_from = LongTextField(widget=HiddenInput())


class DeadlineForm(Form):
    answers_by = Day(lazy_("Answers wanted until"), [Optional()])


class ConsolidatedForm(_TextForm):
    body = LongTextField(lazy_("Consolidated reply"), [BODY_LENGTH])


class BookmarkForm(Form):
    note = TextField(lazy_("Note to yourself"), [REASON_LENGTH])
    remind_on = Day(lazy_("Remind me on"), [Optional()])
    remind_hour = Hour(lazy_("At"), [Optional()])
